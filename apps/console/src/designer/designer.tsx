/** The designer: a draft, its sections, what is wrong with it, and where it stands with the server. */
import { Button, NativeSelect } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import { notify } from '../frame/notices.tsx';
import { Empty, Page } from '../frame/page.tsx';
import { Tag } from '../frame/tag.tsx';
import { call, newCommandId, type ReplyOf, routes } from '../server/client.ts';
import { useSession } from '../server/session.tsx';
import { count } from '../words/dates.ts';
import { checkText, plainOf } from './check.ts';
import { Conflict } from './conflict.tsx';
import { DraftProvider } from './draft-context.tsx';
import { DraftMenu } from './draft-menu.tsx';
import { edited, startEditing, written } from './editing.ts';
import { countsOf, FindingsPanel } from './findings-panel.tsx';
import { focusField } from './focus.ts';
import type { Kept } from './keeping.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { CalendarPart } from './parts/calendar-part.tsx';
import { PowerPart } from './parts/power-part.tsx';
import { Revisions } from './revisions.tsx';
import { SaveState } from './save-state.tsx';
import { useSaving } from './saving.ts';
import { type Section, sectionOf, sections } from './sections.ts';
import { type Position, TextEditor } from './text-editor.tsx';
import { textOf, valueAt } from './value.ts';

type Draft = ReplyOf<typeof routes.draft>;
type Props = { draft: Draft; accountId: string; kept: Kept | null; part: string; go: (part: string) => void };

const textPart = 'text';
const revisionsPart = 'revisions';
const calendarPart = 'calendar';
const powerPart = 'power';
/** Room for findings beside the form. */
const wideEnough = '(min-width: 1180px)';

export function Designer({ draft, accountId, kept, part, go }: Props) {
  const { draftId } = draft;
  const navigate = useNavigate();
  const [editing, edit] = useReducer(edited, kept?.text ?? draft.text, startEditing);
  const { text } = editing;
  const value = useMemo(() => plainOf(text), [text]);
  const checkedText = useDeferredValue(text);
  const check = useMemo(() => checkText(checkedText), [checkedText]);
  const place = { accountId, draftId };
  const saving = useSaving(place, { ...draft, revision: kept?.base ?? draft.revision }, text, kept?.tab);
  const { saved, dirty } = saving;
  const [findingsOpen, setFindingsOpen] = useState(() => window.matchMedia(wideEnough).matches);
  const room = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const [caret, setCaret] = useState<Position | null>(null);

  const title = textOf(valueAt(value, ['shortTitle'])) || textOf(valueAt(value, ['title'])) || draft.name;

  const show = (path: string, at?: Position) => {
    const section = sectionOf(path);
    if (value === undefined || section === undefined || (part === textPart && at !== undefined)) {
      setCaret(at ?? { line: 1, column: 1 });
      go(textPart);
    } else {
      setWanted(path);
      go(section.id);
    }
  };
  useEffect(() => {
    if (wanted === null || sectionOf(wanted)?.id !== part || room.current === null) return;
    focusField(room.current, wanted);
    setWanted(null);
  }, [wanted, part]);

  const stepBack = () => edit({ kind: 'undo' });
  const stepOn = () => edit({ kind: 'redo' });
  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target instanceof Element && event.target.closest('[data-own-undo]') !== null) return;
    const key = event.key.toLowerCase();
    const act = key === 's' ? saveNow : key === 'y' || (key === 'z' && event.shiftKey) ? stepOn : stepBack;
    if (key !== 's' && key !== 'z' && key !== 'y') return;
    event.preventDefault();
    act();
  };
  const saveNow = () => void saving.save();

  const asNewDraft = async () => {
    const body = { commandId: newCommandId(), from: { kind: 'document', text } } as const;
    const made = await call(routes.createDraft, { body });
    if (saved.newer !== null) takeTheirs();
    notify('Your version is a draft of its own now.');
    await navigate({ to: '/drafts/$draftId', params: { draftId: made.draftId }, ignoreBlocker: true });
  };
  const takeTheirs = () => {
    if (saved.newer === null) return;
    edit({ kind: 'write', text: saved.newer.text });
    saving.goOnFrom(saved.newer);
  };
  const createStudy = async () => {
    if (await saving.save()) await navigate({ to: '/new-study', search: { draft: draftId }, ignoreBlocker: true });
  };

  const { newer } = saved;
  const section = sections.find(({ id }) => id === part);
  const context = {
    value,
    remarks: check.remarks,
    protocol: check.protocol,
    set: (path: Parameters<typeof valueAt>[1], next: unknown) => edit({ kind: 'set', path, value: next }),
    type: (path: Parameters<typeof valueAt>[1], next: unknown, join?: string) =>
      edit({ kind: 'set', path, value: next, join: join ?? path.join('/') }),
    replace: (next: unknown, join?: string) => edit({ kind: 'write', text: written(next), join }),
    show,
  };

  return (
    <DraftProvider value={context}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys for undo and save hold anywhere in the designer */}
      <div className="designer" onKeyDown={keys} onBlur={() => edit({ kind: 'pause' })}>
        <Page
          title={title}
          over={<Link to="/drafts">Drafts</Link>}
          actions={<CreateStudy sound={check.sound && newer === null} create={createStudy} />}
        >
          <LeaveGuard dirty={dirty} save={saving.save} />
          <div className="designer-bar">
            <div className="designer-acts">
              <Button size="xs" variant="default" onClick={stepBack} disabled={editing.past.length === 0}>
                Undo
              </Button>
              <Button size="xs" variant="default" onClick={stepOn} disabled={editing.future.length === 0}>
                Redo
              </Button>
              <Button size="xs" onClick={saveNow} disabled={!dirty || newer !== null}>
                Save
              </Button>
              <DraftMenu
                name={title}
                text={text}
                write={(next) => edit({ kind: 'write', text: next })}
                protocol={check.sound ? check.protocol : undefined}
              />
            </div>
            <SaveState saved={saved} dirty={dirty} />
            <Button
              size="xs"
              variant="default"
              aria-expanded={findingsOpen}
              {...(findingsOpen && newer === null ? { 'aria-controls': 'findings' } : {})}
              onClick={() => setFindingsOpen(!findingsOpen)}
            >
              {countsOf(check.remarks)}
            </Button>
          </div>
          {newer !== null ? (
            <Conflict
              newer={newer}
              mine={text}
              keepMine={() => saving.saveOver(newer, text)}
              takeTheirs={takeTheirs}
              keepBoth={asNewDraft}
            />
          ) : (
            <div className="designer-body" data-findings={findingsOpen || undefined}>
              <Parts part={part} go={go} remarks={check.remarks} />
              <div className="designer-form" ref={room}>
                {part === textPart ? (
                  <PartFrame title="Document text" part={part}>
                    <TextEditor
                      text={text}
                      remarks={check.remarks}
                      write={(next, join) => edit({ kind: 'write', text: next, join })}
                      pause={() => edit({ kind: 'pause' })}
                      wish={caret}
                    />
                  </PartFrame>
                ) : part === calendarPart ? (
                  <PartFrame title="Sample calendar" part={part}>
                    <CalendarPart />
                  </PartFrame>
                ) : part === powerPart ? (
                  <PartFrame title="What can this study tell?" part={part}>
                    <PowerPart />
                  </PartFrame>
                ) : part === revisionsPart ? (
                  <PartFrame title="Revisions" part={part}>
                    <Revisions
                      draftId={draftId}
                      revision={saved.base}
                      text={text}
                      restore={(revision, old) => {
                        edit({ kind: 'write', text: old });
                        notify(`The draft is as it was in revision ${revision}.`);
                      }}
                    />
                  </PartFrame>
                ) : (
                  <SectionForm section={section ?? sections[0]} readable={value !== undefined} go={go} />
                )}
              </div>
              {findingsOpen && <FindingsPanel fresh={checkedText === text} />}
            </div>
          )}
        </Page>
      </div>
    </DraftProvider>
  );
}

function CreateStudy({ sound, create }: { sound: boolean; create: () => void }) {
  const { data: session } = useSession();
  const allowed = session?.administrator === true;
  return (
    <>
      {!allowed && <span className="note">An administrator creates the study.</span>}
      {allowed && !sound && <span className="note">Errors keep it from being used.</span>}
      <Button onClick={create} disabled={!allowed || !sound}>
        Create a study from this draft
      </Button>
    </>
  );
}

function SectionForm(props: { section: Section | undefined; readable: boolean; go: (part: string) => void }) {
  const { section, readable, go } = props;
  if (section === undefined) return null;
  const { Form } = section;
  return (
    <PartFrame title={section.title} part={section.id}>
      {readable ? (
        <div className="fields">
          <Form />
        </div>
      ) : (
        <Empty
          title="The text of the document cannot be read"
          action={
            <Button size="xs" variant="default" onClick={() => go(textPart)}>
              Open the text
            </Button>
          }
        >
          Something in it is not JSON, so it has no fields to show. The text shows the line and the column.
        </Empty>
      )}
    </PartFrame>
  );
}

/** The first part comes with the page; later ones are announced by moving to their title. */
function PartFrame({ title, part, children }: { title: string; part: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part moves the focus
  useEffect(() => {
    if (!first.current && !heading.current?.parentElement?.contains(document.activeElement)) {
      heading.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [part]);
  return (
    <section className="panel" aria-label={title}>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </section>
  );
}

const otherParts = [
  { id: calendarPart, title: 'Sample calendar' },
  { id: powerPart, title: 'What can this study tell?' },
  { id: textPart, title: 'Document text' },
  { id: revisionsPart, title: 'Revisions' },
] as const;

function Parts({
  part,
  go,
  remarks,
}: {
  part: string;
  go: (part: string) => void;
  remarks: readonly { severity: string; path: string }[];
}) {
  const errorsIn = (id: string) =>
    remarks.filter(({ severity, path }) => severity === 'error' && sectionOf(path)?.id === id).length;
  const all = [
    ...sections.map(({ id, title }) => ({ id, title, errors: errorsIn(id) })),
    ...otherParts.map((one) => ({ ...one, errors: 0 })),
  ];
  return (
    <>
      <nav className="parts" aria-label="Sections of the protocol">
        <ul>
          {all.map(({ id, title, errors }) => (
            <li key={id}>
              <Link
                from="/drafts/$draftId"
                to="."
                search={{ part: id }}
                resetScroll={false}
                className={id === part ? 'part-link part-now' : 'part-link'}
                {...(id === part ? { 'aria-current': 'page' as const } : {})}
              >
                <span>{title}</span>
                {errors > 0 && (
                  <Tag tone="alarm">
                    {errors}
                    <span className="unseen"> {errors === 1 ? 'error' : 'errors'}</span>
                  </Tag>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="parts-choice">
        <NativeSelect
          label="Section"
          data={all.map(({ id, title, errors }) => ({
            value: id,
            label: errors === 0 ? title : `${title} (${count(errors, 'error')})`,
          }))}
          value={part}
          onChange={({ currentTarget }) => go(currentTarget.value)}
        />
      </div>
    </>
  );
}

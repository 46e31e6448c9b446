/**
 * A questionnaire on the screen: asked a screen at a time, checked in words, kept through a reload, sent as a whole.
 * `autoComplete="off"` here and on every form: browsers otherwise write typed text into their own session files, in clear.
 */
import {
  type Answer,
  type AnswerProblem,
  type Answers,
  holds,
  type Instrument,
  type Item,
  isAnswered,
  textsOf,
  validateAnswers,
  visibleAnswers,
  visibleItems,
  wordedItems,
} from '@limen/instruments';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type HelpFlag, helpFlags } from '../help/flags.ts';
import { HelpSheet } from '../help/sheet.tsx';
import { beforeLock } from '../page/before-lock.ts';
import { scrollToTop } from '../page/scroll.ts';
import { useAppState } from '../page/state.ts';
import { deleteDraft, readDraft, writeDraft } from '../storage/documents.ts';
import { count, fill, languageNow, words } from '../words/index.ts';
import { type Kept, takenUp, versionOf } from './draft.ts';
import { layoutOf, screensOf, type Together } from './layout.ts';
import { Question } from './question.tsx';
import { spoken } from './spoken.ts';

export type InputMode = 'touch' | 'keyboard';
type Props = {
  instrument: Instrument;
  /** What the answers belong to; answers not yet saved are kept under it. */
  subject: string;
  saveLabel: string;
  onSave: (answers: Answers, mode: InputMode | null) => Promise<void>;
};

const draftAfterMs = 200;

export function Form(given: Props) {
  const props = { ...given, instrument: spoken(given.instrument) };
  const [kept, setKept] = useState<Kept | 'reading'>('reading');
  const { instrument, subject } = props;
  useEffect(() => {
    void readDraft(subject).then((found) => {
      setKept(takenUp(instrument, found as Kept | null));
    });
  }, [subject]);
  return kept === 'reading' ? <div class="form" aria-busy="true" /> : <OpenForm key={subject} {...props} kept={kept} />;
}

function OpenForm({ instrument, subject, saveLabel, onSave, kept }: Props & { kept: Kept }) {
  const [answers, setAnswers] = useState<Answers>(kept.answers);
  const [screen, setScreen] = useState(kept.screen);
  const [checked, setChecked] = useState(false);
  const [saving, setSaving] = useState(false);
  const [failed, setFailed] = useState(false);
  const { alarm, watch, calm } = useAlarm(instrument, kept.answers);
  const mode = useInputMode();
  const form = useRef<HTMLFormElement>(null);
  const draft = useDraft(subject, { version: versionOf(instrument), answers, screen });

  const screens = screensOf(instrument, visibleItems(instrument, answers));
  const at = Math.min(screen, screens.length - 1);
  const shown = screens[at] ?? [];
  const isLast = at === screens.length - 1;
  const faults = checked ? faultsOf(instrument, answers, shown) : new Map<string, string>();

  const answer = (given: Answers) => {
    const next = { ...answers, ...given };
    setAnswers(next);
    watch(next);
  };
  const turned = useRef(false);
  const turnTo = (next: number) => {
    turned.current = true;
    setScreen(next);
    setChecked(false);
    scrollToTop();
  };
  // With the questions, not a frame after them: a key that comes in between would answer for another question.
  useLayoutEffect(() => {
    if (turned.current) focusOn(form.current, '.question');
    turned.current = false;
  }, [screen]);
  const goOn = async () => {
    if (faultsOf(instrument, answers, shown).size > 0) {
      setChecked(true);
      requestAnimationFrame(() => focusOn(form.current, '.question:has(.fault)'));
      return;
    }
    if (!isLast) return turnTo(at + 1);
    setSaving(true);
    try {
      await onSave(given(instrument, answers), mode.current);
      draft.drop();
    } catch {
      setSaving(false);
      setFailed(true);
    }
  };

  return (
    <form
      autoComplete="off"
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving) void goOn();
      }}
    >
      {screens.length > 1 ? <Progress at={at + 1} of={screens.length} /> : null}
      {at === 0 || !layoutOf(instrument).onePerScreen ? <Instructions instrument={instrument} /> : null}
      <Items instrument={instrument} shown={shown} answers={answers} faults={faults} onAnswer={answer} />
      <div aria-live="assertive">
        {faults.size > 0 ? <p class="fault summary">{count(words().form.needYou, faults.size)}</p> : null}
        {failed ? <p class="fault summary">{words().form.saveFailed}</p> : null}
      </div>
      <div class="actions">
        {at > 0 ? (
          <button type="button" class="quiet" onClick={() => turnTo(at - 1)}>
            {words().common.back}
          </button>
        ) : null}
        <button type="submit" class="primary" disabled={saving}>
          {isLast ? saveLabel : words().common.next}
        </button>
      </div>
      <p class="attribution">{instrument.licence.kind === 'own' ? null : instrument.licence.attribution}</p>
      {alarm === null ? null : <HelpSheet about={alarm} onClose={calm} />}
    </form>
  );
}

/** The language a questionnaire is asked in: the one of the screen, or English where its wording exists in no other. */
const askedIn = (instrument: Instrument): string => (languageNow() in instrument.texts ? languageNow() : 'en');

function Instructions({ instrument }: { instrument: Instrument }) {
  const asked = askedIn(instrument);
  return (
    <>
      {asked === languageNow() ? null : <p class="hint">{words().activity.inEnglish}</p>}
      <p class="instructions" lang={asked}>
        {textsOf(instrument, asked).instructions}
      </p>
    </>
  );
}

type ItemsProps = {
  instrument: Instrument;
  shown: readonly Item[];
  answers: Answers;
  faults: ReadonlyMap<string, string>;
  onAnswer: (given: Answers) => void;
};

function Items({ instrument, shown, answers, faults, onAnswer }: ItemsProps) {
  const { preferences } = useAppState();
  const { numbers, together = [], parts } = layoutOf(instrument, preferences.usualCups ?? null);
  return (
    <>
      {wordedItems(instrument, askedIn(instrument), shown).map((worded) => {
        const { id } = worded.item;
        const part = parts?.[id];
        const above = together.filter((group) => group.below === undefined && Object.keys(group.answers)[0] === id);
        const below = together.filter((group) => group.below === id);
        const button = (group: Together) => (
          <TogetherButton key={group.label} group={group} answers={answers} onAnswer={onAnswer} />
        );
        return (
          <div key={id} class="item" lang={askedIn(instrument)}>
            {part === undefined ? null : (
              <h2 class="part" lang={languageNow()}>
                {part}
              </h2>
            )}
            {above.map(button)}
            <Question
              worded={worded}
              value={answers[id] ?? null}
              fault={faults.get(id) ?? null}
              ready={numbers?.[id] ?? []}
              onValue={(value: Answer) => onAnswer({ [id]: value })}
            />
            {below.map(button)}
          </div>
        );
      })}
    </>
  );
}

function TogetherButton({ group, answers, onAnswer }: { group: Together } & Pick<ItemsProps, 'answers' | 'onAnswer'>) {
  const given = Object.entries(group.answers).every(([id, answer]) => String(answers[id]) === String(answer));
  return (
    <button
      type="button"
      lang={languageNow()}
      class="chip together"
      aria-pressed={given}
      onClick={() => onAnswer(group.answers)}
    >
      {group.label}
    </button>
  );
}

export function Progress({ at, of }: { at: number; of: number }) {
  return (
    <div class="progress">
      <progress max={of} value={at} aria-label={words().form.progress} />
      <span>{fill(words().form.progressOf, { at, of })}</span>
    </div>
  );
}

/** Only what was asked and answered. */
function given(instrument: Instrument, answers: Answers): Answers {
  return Object.fromEntries(Object.entries(visibleAnswers(instrument, answers)).filter(([, one]) => isAnswered(one)));
}

function faultsOf(instrument: Instrument, answers: Answers, shown: readonly Item[]): ReadonlyMap<string, string> {
  const here = new Map(shown.map((item) => [item.id, item]));
  const asked = visibleAnswers(instrument, answers);
  const { problems } = validateAnswers(instrument, asked, { complete: true });
  return new Map(
    problems.flatMap((problem) => {
      const item = here.get(problem.item);
      return item === undefined ? [] : [[item.id, wordsOf(problem, item)] as const];
    }),
  );
}

function wordsOf({ code }: AnswerProblem, item: Item): string {
  const texts = words().form;
  if (code === 'required') return texts.required;
  if (item.kind !== 'number' || code === 'not-asked') return texts.unfit;
  const { min, max, step } = item;
  const bounds = { min, max, unit: item.unit };
  return step === 1 ? fill(texts.wholeNumber, bounds) : fill(texts.steppedNumber, { ...bounds, step });
}

function focusOn(form: HTMLElement | null, selector: string): void {
  const question = form?.querySelector(selector);
  const control = question?.querySelector<HTMLElement>('input, textarea, [tabindex="0"]');
  control?.focus();
  question?.scrollIntoView({ block: 'nearest' });
}

function useAlarm(instrument: Instrument, start: Answers) {
  const raised = (answers: Answers): HelpFlag[] =>
    helpFlags.filter((name) => instrument.safetyFlags.some(({ flag, when }) => flag === name && holds(when, answers)));
  const seen = useRef(new Set(raised(start)));
  const [alarm, setAlarm] = useState<HelpFlag | null>(null);
  const watch = (answers: Answers) => {
    const now = raised(answers);
    const fresh = now.find((flag) => !seen.current.has(flag));
    seen.current = new Set(now);
    if (fresh !== undefined) setAlarm(fresh);
  };
  return { alarm, watch, calm: () => setAlarm(null) };
}

/** Writes what has been answered so far; a reload or an empty battery loses at most the last fifth of a second. */
function useDraft(subject: string, kept: Kept): { drop: () => void } {
  const latest = useRef(kept);
  const done = useRef(false);
  const stateOf = ({ answers, screen }: Kept) => JSON.stringify([answers, screen]);
  const written = useRef(stateOf(kept));
  latest.current = kept;
  const write = async () => {
    if (done.current || stateOf(latest.current) === written.current) return;
    written.current = stateOf(latest.current);
    await writeDraft(subject, latest.current).catch(() => null);
  };
  useEffect(() => {
    const timer = setTimeout(() => void write(), draftAfterMs);
    return () => clearTimeout(timer);
  }, [kept.answers, kept.screen]);
  useEffect(() => {
    const writeNow = () => void write();
    const takeBack = beforeLock(write);
    document.addEventListener('visibilitychange', writeNow);
    return () => {
      document.removeEventListener('visibilitychange', writeNow);
      takeBack();
      writeNow();
    };
  }, []);
  return {
    drop: () => {
      done.current = true;
      void deleteDraft(subject);
    },
  };
}

/** How most of it was entered; null with a mouse, which the study does not tell apart. */
function useInputMode(): { readonly current: InputMode | null } {
  const mode = useRef<InputMode | null>(null);
  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') mode.current = 'touch';
    };
    const onKey = () => {
      mode.current ??= 'keyboard';
    };
    window.addEventListener('pointerdown', onPointer);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('pointerdown', onPointer);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
  return mode;
}

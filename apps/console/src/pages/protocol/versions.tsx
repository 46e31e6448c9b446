/** The versions of a running study’s protocol, and the next one: what it changes, who is asked again, who signs it. */
import { amendment, parseProtocol } from '@limen/protocol';
import { Button, FileInput, NativeSelect, Radio, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { Changes } from '../../designer/difference.tsx';
import { ReasonField } from '../../frame/fields.tsx';
import { notify } from '../../frame/notices.tsx';
import { Fault, Loaded, Panel } from '../../frame/page.tsx';
import { call, faultsOf, newCommandId, type ReplyOf, routes } from '../../server/client.ts';
import { useAct, useAnswer } from '../../server/queries.ts';
import { useSession } from '../../server/session.tsx';
import { count, showInstant } from '../../words/dates.ts';
import { useStudy } from '../study-frame.tsx';

type Versions = ReplyOf<typeof routes.protocolVersions>;

export function ProtocolVersions({ current }: { current: Record<string, unknown> }) {
  const { studyId, study, may } = useStudy();
  const answer = useAnswer(routes.protocolVersions, { params: { studyId } });
  return (
    <Loaded of={answer} height={320}>
      {(found) => (
        <>
          <VersionList found={found} />
          {study.status === 'open' && may(routes.amendProtocol) && <Amend current={current} found={found} />}
        </>
      )}
    </Loaded>
  );
}

function VersionList({ found: { versions, reconsentDue } }: { found: Versions }) {
  return (
    <Panel
      title="Versions"
      hint="People stay on the version they consented to. A version that needs no new consent reaches them on the next day."
    >
      <ul className="stack">
        {[...versions].reverse().map(({ version, adoptedAt, adoptedBy, reconsent, reason, people, hash }) => (
          <li key={version}>
            <h3>
              Version {version} <span className="quiet">{count(people, 'person', 'people')} on it</span>
            </h3>
            <p>
              {adoptedBy === null
                ? `The study was created with it on ${showInstant(adoptedAt)}.`
                : `Adopted by ${adoptedBy} on ${showInstant(adoptedAt)}, ${reconsent ? 'people are asked again' : 'without new consent'}: ${reason}`}
            </p>
            <p className="note">
              Hash <code>{hash}</code>
            </p>
          </li>
        ))}
      </ul>
      {reconsentDue > 0 && (
        <p>{count(reconsentDue, 'person has', 'people have')} not answered the newest question yet.</p>
      )}
    </Panel>
  );
}

function Amend({ current, found }: { current: Record<string, unknown>; found: Versions }) {
  const { studyId } = useStudy();
  const { data: session } = useSession();
  const drafts = useAnswer(routes.drafts, {}, { enabled: session !== null });
  const [text, setText] = useState('');
  const [reconsent, setReconsent] = useState<'yes' | 'no' | ''>('');
  const [reason, setReason] = useState('');
  const amend = useAct(routes.amendProtocol);
  const newest = found.versions.at(-1)?.version ?? '';
  const compared = useMemo(() => compare(current, text), [current, text]);
  const choose = async (draftId: string) => {
    if (draftId !== '') setText((await call(routes.draft, { params: { draftId } })).text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { commandId: newCommandId(), text, replaces: newest, reconsent: reconsent === 'yes', reason };
    amend.mutate(
      { params: { studyId }, body },
      {
        onSuccess: ({ version }) => {
          notify(`Version ${version} was adopted.`);
          setText('');
          setReconsent('');
          setReason('');
        },
      },
    );
  };
  const possible = compared !== null && 'changes' in compared && compared.problems.length === 0;
  return (
    <Panel
      title="Amend the protocol"
      hint="The randomisation was committed with arms, contents and procedure: those cannot be amended. Everything else can, from the day after."
    >
      <form onSubmit={submit}>
        <Stack>
          <NativeSelect
            label="From a draft"
            data={[
              { value: '', label: 'Choose a draft' },
              ...(drafts.data?.drafts ?? []).map(({ draftId, name }) => ({ value: draftId, label: name })),
            ]}
            onChange={({ currentTarget }) => void choose(currentTarget.value)}
          />
          <FileInput
            label="Or from a file"
            placeholder="A JSON document"
            accept=".json,application/json"
            onChange={(file) => void file?.text().then(setText)}
          />
          <Textarea
            label="Document"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            minRows={4}
            maxRows={12}
            autosize
            spellCheck={false}
          />
          {compared !== null && 'fault' in compared && <p className="wrong">{compared.fault}</p>}
          {compared !== null && 'changes' in compared && (
            <>
              {compared.problems.length > 0 && (
                <ul className="faults">
                  {compared.problems.map(({ code, path, message }) => (
                    <li key={`${code} ${path}`}>
                      <code>{path}</code> {message}
                    </li>
                  ))}
                </ul>
              )}
              <Changes {...compared} />
            </>
          )}
          {possible && (
            <>
              <Radio.Group
                label="Are people who take part asked again?"
                description={
                  compared.reconsent
                    ? `The changes ask for it: ${compared.reasons.join(' ')}`
                    : 'Nothing in the changes asks for it.'
                }
                value={reconsent}
                onChange={(value) => setReconsent(value === 'yes' ? 'yes' : 'no')}
              >
                <Stack gap="xs" mt="xs">
                  <Radio value="yes" label="Yes: they stay on their version until they have consented to this one" />
                  <Radio value="no" label="No: it reaches everybody on the next day" />
                </Stack>
              </Radio.Group>
              <ReasonField label="Reason" value={reason} onChange={setReason} />
            </>
          )}
          {amend.error !== null && (
            <>
              <Fault error={amend.error} />
              <ul className="faults">
                {faultsOf(amend.error).map(({ path, code, detail }) => (
                  <li key={`${path} ${code}`}>
                    <code>{path}</code> {detail}
                  </li>
                ))}
              </ul>
            </>
          )}
          <Button
            type="submit"
            loading={amend.isPending}
            disabled={!possible || reconsent === '' || reason.trim().length < 3}
          >
            Sign and adopt
          </Button>
        </Stack>
      </form>
    </Panel>
  );
}

function compare(current: Record<string, unknown>, text: string) {
  if (text.trim() === '') return null;
  const [old, young] = [parseProtocol(JSON.stringify(current)), parseProtocol(text)];
  if (!young.ok) {
    const [first] = young.problems;
    return { fault: `The document cannot be read: line ${first?.line}, column ${first?.column}: ${first?.message}` };
  }
  return old.ok ? amendment(old.protocol, young.protocol) : null;
}

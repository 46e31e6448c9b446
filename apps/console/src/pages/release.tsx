/** Lock, release by two people, report: what has been done, what is missing, and who may do it. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ReasonField } from '../frame/fields.tsx';
import { notify } from '../frame/notices.tsx';
import { Fault, Loaded, Page, Panel } from '../frame/page.tsx';
import { Scroll } from '../frame/scroll.tsx';
import { call, codeOf, newCommandId, type ReplyOf, routes, urlOf } from '../server/client.ts';
import { download } from '../server/download.ts';
import { useAct, useAnswer, usePages } from '../server/queries.ts';
import { showInstant } from '../words/dates.ts';
import { roleLabels } from '../words/labels.ts';
import { useStudy } from './study-frame.tsx';

type StepState = 'done' | 'now' | 'later';

export function Release() {
  const { studyId, study, may } = useStudy();
  const approvals = usePages(
    routes.ledgerEntries,
    { params: { studyId }, query: { type: 'release.approved' } },
    may(routes.ledgerEntries) && study.status !== 'open',
  );
  const given = approvals.data?.pages.flatMap((page) => page.entries) ?? [];
  const locked = study.status !== 'open';
  const released = study.status === 'released';
  return (
    <Page
      title="Release"
      over={study.shortTitle}
      lead={
        released
          ? 'The allocation is open, the planned analysis has run, and its report is below.'
          : 'Until the study is locked and two people have approved, the allocation stays in the vault and nobody here can see it.'
      }
    >
      <ol className="steps">
        <Step number={1} state={locked ? 'done' : 'now'} title="Lock the data">
          {locked ? (
            <p>Locked. Nothing is accepted any more; entries that still arrive are kept aside.</p>
          ) : (
            <LockStep />
          )}
        </Step>
        <Step number={2} state={released ? 'done' : locked ? 'now' : 'later'} title="Two people approve">
          {released ? (
            <p>Two people have approved.</p>
          ) : (
            <ApproveStep locked={locked} given={given} known={may(routes.ledgerEntries)} />
          )}
          {given.length > 0 && (
            <ul className="approvals">
              {given.map(({ eventId, recordedAt, actor, data }) => (
                <li key={eventId}>
                  {roleLabels[actor.role] ?? actor.role}, {showInstant(recordedAt)}: {String(data?.reason ?? '')}
                </li>
              ))}
            </ul>
          )}
        </Step>
        <Step number={3} state={released ? 'done' : 'later'} title="Allocation, analysis, report">
          <p>
            {released
              ? 'The vault has answered, and the analysis planned in the protocol has run once.'
              : 'With the second approval the vault hands over the allocation and the planned analysis runs by itself.'}
          </p>
        </Step>
      </ol>
      {!released && may(routes.dryRun) && <DryRun />}
      {released && <Results />}
      {may(routes.exportTable) && <Tables />}
    </Page>
  );
}

const stateWords: Readonly<Record<StepState, string>> = { done: 'Done', now: 'Next', later: 'Not yet' };

function Step(props: { number: number; state: StepState; title: string; children: React.ReactNode }) {
  const { number, state, title, children } = props;
  return (
    <li className="step" data-state={state}>
      <span className="step-number" aria-hidden="true">
        {state === 'done' ? '✓' : number}
      </span>
      <div className="step-body">
        <h2>
          {title} <span className="quiet">{stateWords[state]}</span>
        </h2>
        {children}
      </div>
    </li>
  );
}

function LockStep() {
  const { may } = useStudy();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <p>
        The study is open: data still come in. An investigator of all sites locks it when the last data are in and
        corrected. This cannot be undone.
      </p>
      {may(routes.lockStudy) ? (
        <Button mt="sm" onClick={() => setAsking(true)}>
          Lock the study
        </Button>
      ) : (
        <p className="note">Your role cannot lock. Ask an investigator.</p>
      )}
      <Modal opened={asking} onClose={() => setAsking(false)} title="Lock the study">
        <SignForm
          route={routes.lockStudy}
          words="Nothing is accepted after the lock. What participants still enter is kept aside and shown to the team, but does not count as data."
          label="Lock the study"
          said={() => 'The study is locked.'}
          done={() => setAsking(false)}
        />
      </Modal>
    </>
  );
}

function ApproveStep({ locked, given, known }: { locked: boolean; given: readonly unknown[]; known: boolean }) {
  const { may } = useStudy();
  const [asking, setAsking] = useState(false);
  const missing = known ? 2 - given.length : null;
  return (
    <>
      <p>
        {locked
          ? missing === null
            ? 'Two different people in the role of investigator, statistician or monitor approve.'
            : missing <= 0
              ? 'Both approvals are there, but the vault has not answered yet. Approve again to ask it once more.'
              : `${missing === 2 ? 'Two approvals are' : 'One approval is'} missing, by ${missing === 2 ? 'two different people' : 'another person'} in the role of investigator, statistician or monitor.`
          : 'Comes after the lock. Two different people in the role of investigator, statistician or monitor approve.'}
      </p>
      {locked &&
        (may(routes.approveRelease) ? (
          <Button mt="sm" onClick={() => setAsking(true)}>
            Approve the release
          </Button>
        ) : (
          <p className="note">Your role cannot approve.</p>
        ))}
      <Modal opened={asking} onClose={() => setAsking(false)} title="Approve the release">
        <SignForm
          route={routes.approveRelease}
          words="You sign that the data are final and that the allocation may be opened. The second approval opens it for everybody who may read the report."
          label="Approve"
          said={(reply) =>
            'released' in reply && reply.released
              ? 'The allocation is released.'
              : 'Your approval is recorded. Another person has to approve too.'
          }
          done={() => setAsking(false)}
        />
      </Modal>
    </>
  );
}

/** The plan carried out on arms drawn for it alone; the server does not ask the vault. */
function DryRun() {
  const { studyId } = useStudy();
  const run = useMutation({
    mutationFn: () => call(routes.dryRun, { params: { studyId } }),
    onSuccess: (page) => download(`${studyId}-dry-run.html`, 'text/html', page),
  });
  return (
    <Panel title="Dry run">
      <p>
        Carries out the analysis plan on the data so far with a dummy allocation, drawn at random for this run. It shows
        that the plan works and what the report will hold. No number in it says anything about the capsules.
      </p>
      {run.error !== null && <Fault error={run.error} />}
      <Button mt="sm" variant="default" loading={run.isPending} onClick={() => run.mutate()}>
        Download a dry run
      </Button>
    </Panel>
  );
}

type Signed = typeof routes.lockStudy | typeof routes.approveRelease;

function SignForm(props: {
  route: Signed;
  words: string;
  label: string;
  said: (reply: ReplyOf<Signed>) => string;
  done: () => void;
}) {
  const { route, words, label, said, done } = props;
  const { studyId } = useStudy();
  const [reason, setReason] = useState('');
  const [commandId] = useState(newCommandId);
  const act = useAct<Signed>(route, (reply) => {
    notify(said(reply));
    done();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate({ params: { studyId }, body: { commandId, reason } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{words}</Text>
        <ReasonField label="Reason" value={reason} onChange={setReason} />
        {act.error !== null && <Fault error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={act.isPending}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Results() {
  const { studyId, may } = useStudy();
  const params = { studyId };
  const report = useAnswer(routes.report, { params });
  const allocations = useAnswer(routes.releasedAllocations, { params });
  const fetchPdf = useMutation({
    mutationFn: () => call(routes.reportPdf, { params }),
    onSuccess: (pdf) => download(`${studyId}-report.pdf`, 'application/pdf', pdf),
  });
  const fetchResults = useMutation({
    mutationFn: () => call(routes.results, { params }),
    onSuccess: (results) => download(`${studyId}-results.json`, 'application/json', JSON.stringify(results, null, 2)),
  });
  const fetchBundle = useMutation({
    mutationFn: () => call(routes.bundle, { params }),
    onSuccess: (bundle) => download(`${studyId}-bundle.json`, 'application/json', JSON.stringify(bundle)),
  });
  return (
    <>
      <Panel
        title="Report"
        aside={
          <>
            <Button
              size="xs"
              variant="default"
              disabled={report.data === undefined}
              onClick={() => download(`${studyId}-report.html`, 'text/html', report.data ?? '')}
            >
              Download the report
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={report.data === undefined}
              loading={fetchPdf.isPending}
              onClick={() => fetchPdf.mutate()}
            >
              Download it as PDF
            </Button>
            <Button size="xs" variant="default" loading={fetchResults.isPending} onClick={() => fetchResults.mutate()}>
              Download the results as JSON
            </Button>
            {may(routes.bundle) && (
              <Button size="xs" variant="default" loading={fetchBundle.isPending} onClick={() => fetchBundle.mutate()}>
                Download the bundle
              </Button>
            )}
          </>
        }
      >
        {fetchPdf.error !== null && <Fault error={fetchPdf.error} />}
        {fetchResults.error !== null && <Fault error={fetchResults.error} />}
        {fetchBundle.error !== null && <Fault error={fetchBundle.error} />}
        {codeOf(report.error) === 'report_pending' ? (
          <p role="status">
            The report is being made. This takes a minute or two.{' '}
            <Button size="compact-xs" variant="default" onClick={() => void report.refetch()}>
              Look again
            </Button>
          </p>
        ) : (
          <Loaded of={report} height={480}>
            {() => (
              <iframe title="Report of the study" className="report" sandbox="" src={urlOf(routes.report, params)} />
            )}
          </Loaded>
        )}
      </Panel>
      <Panel title="Allocations">
        <Loaded of={allocations} height={160}>
          {(released) => <Allocations released={released} />}
        </Loaded>
      </Panel>
    </>
  );
}

type Allocation = { readonly participantId?: unknown; readonly kit?: unknown; readonly arm?: unknown };

function Allocations({ released }: { released: Record<string, unknown> }) {
  const { studyId, study } = useStudy();
  const list = (Array.isArray(released.allocations) ? released.allocations : []) as Allocation[];
  const same = released.commitment === study.randomisationCommitment;
  return (
    <>
      <dl className="hashes">
        <div>
          <dt>Commitment published before the first enrolment</dt>
          <dd>
            <code>{study.randomisationCommitment}</code>
          </dd>
        </div>
        <div>
          <dt>Commitment of what was released</dt>
          <dd>
            <code>{String(released.commitment)}</code>{' '}
            <strong>{same ? 'It is the same.' : 'It is not the same.'}</strong>
          </dd>
        </div>
        <div>
          <dt>Seed</dt>
          <dd>
            <code>{typeof released.seed === 'string' ? released.seed : JSON.stringify(released.seed)}</code>
          </dd>
        </div>
      </dl>
      <p className="hint">
        With seed, procedure and protocol anyone can draw every allocation again; “limen verify” does it from the
        archive.
      </p>
      <Group my="sm">
        <Button
          size="xs"
          variant="default"
          onClick={() => download(`${studyId}-allocations.json`, 'application/json', JSON.stringify(released, null, 2))}
        >
          Download the allocations
        </Button>
      </Group>
      <Scroll label="Allocations" tall>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Participant</th>
              <th scope="col">Kit</th>
              <th scope="col">Arm</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ participantId, kit, arm }) => (
              <tr key={String(participantId)}>
                <td>
                  <span className="mono">{String(participantId)}</span>
                </td>
                <td>{String(kit)}</td>
                <td>{String(arm)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** CSV without anything that could tell arms apart; each download is itself recorded. */
function Tables() {
  const { studyId } = useStudy();
  const fetchTable = useMutation({
    mutationFn: (table: (typeof routes.exportTables)[number]) =>
      call(routes.exportTable, { params: { studyId, table } }),
    onSuccess: (text, table) => download(`${studyId}-${table}.csv`, 'text/csv', text),
  });
  return (
    <Panel
      title="Blinded tables"
      hint="CSV for looking at data quality before and after the lock. They hold no allocation. Each download is recorded."
    >
      {fetchTable.error !== null && <Fault error={fetchTable.error} />}
      <Group>
        {routes.exportTables.map((table) => (
          <Button
            key={table}
            size="xs"
            variant="default"
            loading={fetchTable.isPending && fetchTable.variables === table}
            onClick={() => fetchTable.mutate(table)}
          >
            {table.replace('-', ' ')}
          </Button>
        ))}
      </Group>
    </Panel>
  );
}

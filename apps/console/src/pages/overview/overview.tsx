/** The study at a glance: enrolment, flow, safety, adherence, completeness, the blind, the record. */
import { Link } from '@tanstack/react-router';
import { EnrolmentChart, paceOf } from '../../charts/enrolment.tsx';
import { GuessChart } from '../../charts/guesses.tsx';
import { Meter } from '../../charts/meter.tsx';
import { Empty, Loaded, Page, Panel } from '../../frame/page.tsx';
import { Tag } from '../../frame/tag.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import type { LiveState } from '../../server/live.ts';
import { useAnswer } from '../../server/queries.ts';
import { count, showInstant, showNumber } from '../../words/dates.ts';
import { studyStatuses } from '../../words/labels.ts';
import { useStudy } from '../study-frame.tsx';
import { FlowStrip } from './flow-strip.tsx';
import { SafetyInbox } from './safety-inbox.tsx';

type Numbers = ReplyOf<typeof routes.studyOverview>;

const liveWords: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Refreshed every 20 seconds',
  off: 'Not live',
};

export function Overview() {
  const { studyId, study, live, may } = useStudy();
  const overview = useAnswer(routes.studyOverview, { params: { studyId } }, { enabled: may(routes.studyOverview) });
  const { label, tone } = studyStatuses[study.status];
  if (!may(routes.studyOverview)) {
    return (
      <Page title="Overview" over={study.shortTitle}>
        <Empty title="The overview is not part of your role">
          You find what you need under Participants and Protocol in the navigation.
        </Empty>
      </Page>
    );
  }
  return (
    <Page
      title="Overview"
      over={study.shortTitle}
      actions={
        <p className="standing">
          <Tag tone={tone}>{label}</Tag>
          <span className="live" data-live={live}>
            {liveWords[live]}
            {overview.data !== undefined && `, as of ${showInstant(overview.data.asOf)}`}
          </span>
        </p>
      }
    >
      <Loaded of={overview} height={720}>
        {(numbers) => <Panels numbers={numbers} />}
      </Loaded>
    </Page>
  );
}

function Panels({ numbers }: { numbers: Numbers }) {
  const { may } = useStudy();
  const { study, flow, enrolment, asOf } = numbers;
  const today = asOf.slice(0, 10);
  return (
    <>
      <FlowStrip flow={flow} planned={study.plannedSampleSize} />
      <div className="panels">
        <SafetyPanel numbers={numbers} />
        {may(routes.signals) && <SafetyInbox />}
        <Panel title="Enrolment" hint={paceOf(enrolment, study.plannedSampleSize, today)}>
          {enrolment.length === 0 ? (
            <Empty title="Nobody has been randomised yet">
              The curve begins with the first participant who is randomised.
            </Empty>
          ) : (
            <EnrolmentChart days={enrolment} planned={study.plannedSampleSize} today={today} />
          )}
        </Panel>
        <Blind numbers={numbers} />
        <DataPanel numbers={numbers} />
        <RecordPanel numbers={numbers} />
      </div>
    </>
  );
}

function SafetyPanel({
  numbers: { openSignals, adverseEvents, keptEntries, flow, stoppingRules },
}: {
  numbers: Numbers;
}) {
  const { studyId, may } = useStudy();
  const open = openSignals.urgent + openSignals.prompt + openSignals.routine;
  const figures = [
    { label: 'Open signals', value: open, note: `${openSignals.urgent} urgent, ${openSignals.prompt} prompt` },
    { label: 'On hold', value: flow.onHold, note: 'dosing stopped until a clinician lifts it' },
    {
      label: 'Adverse events',
      value: adverseEvents.total,
      note: `${adverseEvents.serious} serious, ${adverseEvents.gradeThreeUp} of grade 3 or more`,
    },
    { label: 'Kept entries', value: keptEntries, note: 'arrived and could not be accepted' },
  ];
  return (
    <Panel
      title="Safety"
      wide
      aside={
        may(routes.adverseEvents) && (
          <>
            <Link to="/studies/$studyId/adverse-events" params={{ studyId }}>
              Adverse events
            </Link>
            <Link to="/studies/$studyId/kept-entries" params={{ studyId }}>
              Kept entries
            </Link>
          </>
        )
      }
    >
      <dl className="figures">
        {figures.map(({ label, value, note }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="big">{showNumber(value)}</dd>
            <dd className="note">{note}</dd>
          </div>
        ))}
      </dl>
      {stoppingRules.length > 0 && <StoppingRules rules={stoppingRules} />}
    </Panel>
  );
}

function StoppingRules({ rules }: { rules: Numbers['stoppingRules'] }) {
  return (
    <ul className="stopping-rules">
      {rules.map(({ id, label, people, exposed, probability, threshold, met }) => (
        <li key={id} className={met ? 'wrong' : undefined}>
          <b>{label}:</b> {met ? 'met, the study has to pause. ' : 'not met. '}
          {people} of {exposed} people
          {probability === null
            ? threshold >= 1
              ? `, pauses at ${threshold}`
              : ', too few to ask yet'
            : `, probability ${probability.toFixed(3)} where ${threshold} pauses`}
        </li>
      ))}
    </ul>
  );
}

function Blind({ numbers: { guesses } }: { numbers: Numbers }) {
  const all = guesses.reduce((sum, { counts }) => sum + counts.active + counts.placebo + counts.unsure, 0);
  return (
    <Panel
      title="Health of the blind"
      hint="What people say they took, with their mean confidence from 0 to 100. Guesses are pooled over all arms: before the release nobody outside the vault can know which of them are right, so the correct-guess rate waits for the report."
    >
      {all === 0 ? (
        <Empty title="No guesses yet">They appear here with the first participant who is asked.</Empty>
      ) : (
        <GuessChart weeks={guesses} />
      )}
    </Panel>
  );
}

function DataPanel({ numbers: { adherence, completeness } }: { numbers: Numbers }) {
  const { dosesDue, taken, missed } = adherence;
  const { due, answered, late } = completeness;
  return (
    <Panel title="Adherence and completeness" hint="Of what was due by now; leaving is not counted against anybody.">
      <div className="meters">
        <Meter
          title="Capsules taken"
          whole={dosesDue}
          wholeLabel="due"
          parts={[
            { label: 'taken', value: taken, kind: 'full' },
            { label: 'recorded as missed', value: missed, kind: 'half' },
            { label: 'not recorded', value: Math.max(0, dosesDue - taken - missed), kind: 'open' },
          ]}
        />
        <Meter
          title="Questionnaires answered"
          whole={due}
          wholeLabel="due"
          parts={[
            { label: 'answered', value: answered, kind: 'full' },
            { label: 'not answered', value: Math.max(0, due - answered), kind: 'open' },
          ]}
        />
        <p className="hint">{count(late, 'answer')} came late and are marked as such.</p>
      </div>
    </Panel>
  );
}

function RecordPanel({ numbers: { ledger, study } }: { numbers: Numbers }) {
  const { studyId, may } = useStudy();
  return (
    <Panel
      title="Record"
      aside={
        may(routes.ledgerEntries) && (
          <Link to="/studies/$studyId/audit" params={{ studyId }}>
            Audit
          </Link>
        )
      }
    >
      <dl className="rows">
        <div>
          <dt>Entries in the ledger</dt>
          <dd>{showNumber(ledger.entries)}</dd>
        </div>
        <div>
          <dt>Last checkpoint</dt>
          <dd>
            {ledger.lastCheckpoint === null || ledger.lastCheckpointAt === null
              ? 'none yet'
              : `number ${ledger.lastCheckpoint}, ${showInstant(ledger.lastCheckpointAt)}`}
          </dd>
        </div>
        <div>
          <dt>Protocol</dt>
          <dd>
            version {study.protocolVersion}, <code title={study.protocolHash}>{study.protocolHash.slice(0, 12)}…</code>
          </dd>
        </div>
        <div>
          <dt>Randomisation committed as</dt>
          <dd>
            <code title={study.randomisationCommitment}>{study.randomisationCommitment.slice(0, 12)}…</code>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

/** One participant: where they stand, what may happen next, what has happened. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Fault, Loaded, Page, Panel, Waiting } from '../../frame/page.tsx';
import { StatusTag, Tag } from '../../frame/tag.tsx';
import { routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { readWholeTimeline } from '../../server/timeline.ts';
import { showDate, showInstant, showInstantIn } from '../../words/dates.ts';
import { kitWords } from '../../words/kits.ts';
import { useStudy } from '../study-frame.tsx';
import { Acts } from './acts.tsx';
import { CalendarStrip } from './calendar-strip.tsx';
import type { Detail } from './detail.ts';
import { EmergencyWay } from './emergency-way.tsx';
import { Packing } from './packing.tsx';
import { Ratings } from './ratings.tsx';
import { RecordList } from './record-list.tsx';
import { OpenSignals } from './signals.tsx';

export function Participant() {
  const { participantId } = useParams({ from: '/team/studies/$studyId/participants/$participantId' });
  const { studyId, study, may } = useStudy();
  const params = { studyId, participantId };
  const detail = useAnswer(routes.participant, { params });
  const clinical = may(routes.timeline);
  const timeline = useQuery({
    queryKey: ['timeline', params],
    queryFn: () => readWholeTimeline(params),
    enabled: clinical,
  });
  const entries = timeline.data;
  return (
    <Page
      title={`Participant ${participantId}`}
      over={
        <>
          {study.shortTitle} ·{' '}
          <Link to="/studies/$studyId/participants" params={{ studyId }}>
            Participants
          </Link>
        </>
      }
      actions={
        detail.data !== undefined && <StatusTag status={detail.data.row.status} onHold={detail.data.row.onHold} />
      }
    >
      <Loaded of={detail} height={480}>
        {(data) => (
          <>
            <Standing detail={data} />
            {study.status === 'open' ? (
              <Acts key={participantId} detail={data} entries={entries ?? []} />
            ) : (
              <p className="hint">The study is {study.status}, so nothing can be added to this record.</p>
            )}
            {data.cardNumber !== null && may(routes.emergency) && <EmergencyWay detail={data} />}
            {data.row.openSignals > 0 && may(routes.signals) && <OpenSignals participantId={participantId} />}
            {clinical && timeline.error !== null && (
              <Fault error={timeline.error} retry={() => void timeline.refetch()} />
            )}
            {data.schedule.length > 0 && (
              <Panel title="Calendar" hint="One column a week, one row a weekday, in the participant’s own zone.">
                <CalendarStrip detail={data} entries={entries ?? []} />
              </Panel>
            )}
            {clinical && data.screening !== null && <Screening screening={data.screening} />}
            {clinical &&
              (entries === undefined ? (
                timeline.error === null && <Waiting height={320} />
              ) : (
                <>
                  <Packing entries={entries} />
                  <Ratings detail={data} entries={entries} />
                  <RecordList entries={entries} participantId={participantId} />
                </>
              ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Only that a code was broken, and whether it has been written down. */
function codeBreakFacts({ codeBreaks }: Detail): [string, string][] {
  return codeBreaks.map(({ at, reported, reportDueAt }) => {
    const overdue = !reported && Date.parse(reportDueAt) < Date.now();
    const report = reported ? 'reported' : `report ${overdue ? 'overdue since' : 'due by'} ${showInstant(reportDueAt)}`;
    return ['Code broken', `${showInstant(at)}; ${report}`];
  });
}

function Standing({ detail }: { detail: Detail }) {
  const { row, timeZone, protocolVersion, reconsentDue, consentVersion, holds } = detail;
  const facts: [string, string][] = [
    ['Site', row.siteId],
    ['Time zone', timeZone],
    ['Started', row.startDate === null ? 'not yet' : showDate(row.startDate)],
    ['Study day', row.studyDay === null ? '–' : String(row.studyDay)],
    [
      detail.kits.length > 1 ? 'Kits' : 'Kit',
      detail.kits.map(({ kit, status }) => `${kit}, ${kitWords(status).label.toLowerCase()}`).join('; ') || 'none',
    ],
    ...codeBreakFacts(detail),
    ['Card number', detail.cardNumber ?? 'none yet'],
    ['Last capsule', detail.lastDoseAt === null ? 'none entered' : showInstantIn(detail.lastDoseAt, timeZone)],
    ['Capsules', `${row.dosesTaken} of ${row.dosesDue} due`],
    ['Answers', `${row.answered} of ${row.answersDue} due`],
    [
      'Protocol',
      protocolVersion === null
        ? '–'
        : `version ${protocolVersion}${reconsentDue ? '; asked to consent to the newest' : ''}`,
    ],
    ['Consent', consentVersion === null ? 'not signed' : `version ${consentVersion}`],
    ['Next due', row.nextDue === null ? 'nothing' : `${row.nextDue.label}, ${showInstantIn(row.nextDue.at, timeZone)}`],
  ];
  return (
    <section className="panel" aria-label="Standing">
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {holds.map(({ holdId, rule, reason, at }) => (
        <p key={holdId} className="hold-line">
          <Tag tone="watch">On hold</Tag> since {showInstant(at)}, {rule === 'manual' ? 'set by hand' : `rule ${rule}`}:{' '}
          {reason}
        </p>
      ))}
    </section>
  );
}

const verdicts: Readonly<Record<string, { label: string; tone: 'good' | 'alarm' | 'watch' }>> = {
  met: { label: 'Met', tone: 'good' },
  notMet: { label: 'Not met', tone: 'alarm' },
  unknown: { label: 'Open', tone: 'watch' },
};
const results = {
  eligible: 'All criteria are met.',
  ineligible: 'At least one criterion is not met.',
  unknown: 'At least one criterion is open; an investigator has to decide.',
};

function Screening({ screening }: { screening: NonNullable<Detail['screening']> }) {
  const pressing = screening.decisions.filter(({ verdict }) => verdict !== 'met');
  const others = screening.decisions.filter(({ verdict }) => verdict === 'met');
  return (
    <Panel title="Screening" hint={results[screening.result]}>
      <Decisions of={pressing} />
      {others.length > 0 && (
        <details className="numbers">
          <summary>{others.length} criteria are met</summary>
          <Decisions of={others} />
        </details>
      )}
    </Panel>
  );
}

function Decisions({ of }: { of: NonNullable<Detail['screening']>['decisions'] }) {
  return (
    <ul className="findings">
      {of.map(({ criterion, verdict, explanation }) => (
        <li key={criterion}>
          <Tag tone={verdicts[verdict]?.tone ?? 'plain'}>{verdicts[verdict]?.label ?? verdict}</Tag>
          <p>
            {criterion} <span className="quiet">{explanation}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

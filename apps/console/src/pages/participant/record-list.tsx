/** The participant's record in order, newest first, with filters. */
import { type Answers, findInstrument, readTrials, scoreInstrument } from '@limen/instruments';
import { Button, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty, Panel } from '../../frame/page.tsx';
import { showValue, Values } from '../../frame/values.tsx';
import { routes } from '../../server/client.ts';
import type { TimelineEntry } from '../../server/timeline.ts';
import { showInstant } from '../../words/dates.ts';
import { eventLabel, roleLabels, timingLabels } from '../../words/labels.ts';
import { sentenceOfCode } from '../../words/problems.ts';
import { useStudy } from '../study-frame.tsx';

const kinds: Readonly<Record<string, { label: string; types: readonly string[] }>> = {
  all: { label: 'All', types: [] },
  doses: {
    label: 'Capsules',
    types: [
      ...[
        'dose.taken',
        'dose.missed',
        'kit.dispensed',
        'kit.assigned',
        'kit.lost',
        'kit.returned',
        'kit.unitsRecorded',
      ],
      ...['packing.planned', 'packing.recorded', 'envelope.opened', 'leftovers.checked'],
    ],
  },
  answers: {
    label: 'Answers',
    types: ['answers.submitted', 'answer.corrected', 'participant.screened', 'wearable.recorded'],
  },
  safety: {
    label: 'Safety',
    types: [
      'adverseEvent.reported',
      'adverseEvent.assessed',
      'signal.raised',
      'signal.acknowledged',
      'dosing.held',
      'dosing.resumed',
      'dosing.stopped',
    ],
  },
  kept: { label: 'Kept', types: ['entry.kept'] },
};
const step = 40;

export function RecordList({ entries, participantId }: { entries: readonly TimelineEntry[]; participantId: string }) {
  const { studyId, may } = useStudy();
  const [kind, setKind] = useState('all');
  const [shown, setShown] = useState(step);
  const types = kinds[kind]?.types ?? [];
  const fitting = entries.filter(({ type }) => types.length === 0 || types.includes(type)).reverse();
  return (
    <Panel
      title="Record"
      aside={
        may(routes.ledgerEntries) && (
          <Link to="/studies/$studyId/audit" params={{ studyId }} search={{ stream: participantId }}>
            In the audit trail
          </Link>
        )
      }
    >
      <div className="filters">
        <SegmentedControl
          aria-label="Kind of entry"
          size="xs"
          data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setShown(step);
          }}
        />
      </div>
      {fitting.length === 0 ? (
        <Empty title="Nothing of this kind">Choose another kind of entry.</Empty>
      ) : (
        <ol className="record">
          {fitting.slice(0, shown).map((entry) => (
            <li key={entry.eventId}>
              <details>
                <summary>
                  <span className="record-what">
                    {eventLabel(entry.type)}
                    <span className="quiet"> {briefly(entry)}</span>
                  </span>
                  <span className="note">
                    {showInstant(entry.recordedAt)} · {roleLabels[entry.actor.role] ?? entry.actor.role}
                  </span>
                </summary>
                <Values of={withMeasures(entry)} />
              </details>
            </li>
          ))}
        </ol>
      )}
      {fitting.length > shown && (
        <div className="more">
          <Button variant="default" onClick={() => setShown(shown + 5 * step)}>
            Show more
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** Of a cognitive task, what its trials come to, in place of the trials themselves; those are in the export. */
function withMeasures({ type, data }: TimelineEntry): Readonly<Record<string, unknown>> {
  const instrument = type === 'answers.submitted' ? findInstrument(String(data.instrument)) : undefined;
  if (instrument?.task === undefined) return data;
  const answers = data.answers as Answers;
  const { scores } = scoreInstrument(instrument, answers);
  const count = readTrials(String(answers.trials))?.length ?? 0;
  const measures = instrument.scoring.scores.map(({ id, label }) => [label, scores[id] ?? 'unknown'] as const);
  return { ...data, answers: { ...answers, ...Object.fromEntries(measures), trials: `${count}, in the export` } };
}

function briefly({ type, data }: TimelineEntry): string {
  const afterwards = data.afterUnblinding === true ? 'after unblinding' : undefined;
  const timing = typeof data.timing === 'string' && data.timing !== 'onTime' ? timingLabels[data.timing] : undefined;
  const parts: unknown[] = {
    'answer.corrected': [data.occurrence, `${String(data.item)}: ${showValue(data.from)} → ${showValue(data.to)}`],
    'adverseEvent.reported': [data.term, `grade ${String(data.grade)}`],
    'signal.raised': [data.message],
    'signal.acknowledged': [data.disposition],
    'personalCode.renewed': [data.reason],
    'dosing.held': [data.reason],
    'dosing.resumed': [data.reason],
    'dosing.stopped': [data.reason],
    'entry.kept': [sentenceOfCode(String(data.code))],
    'kit.dispensed': [data.kit],
    'kit.assigned': [data.kit, `in place of ${String(data.replaces)}`],
    'kit.lost': [data.kit, data.cause],
    'kit.returned': [data.kit, `${String(data.units)} capsules`],
    'wearable.recorded': [`${Array.isArray(data.days) ? data.days.length : 0} days`],
    'kit.unitsRecorded': [data.kit, `${String(data.units)} ${data.act === 'weighed' ? 'found' : 'let out'}`],
    'participant.randomised': [data.kit],
    'packing.recorded': [data.step],
    'envelope.opened': [`week ${String(data.week)}`],
  }[type] ?? [data.occurrence, timing, afterwards];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

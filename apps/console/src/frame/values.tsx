/** The content of an entry, field by field; questions in their own words where the instrument is known. */
import { findInstrument, wordedItems } from '@limen/instruments';
import { showInstant } from '../words/dates.ts';

type Plain = Readonly<Record<string, unknown>>;

const hidden = new Set(['type', 'commandId', 'device', 'skewMs', 'clockSuspect']);
const names: Readonly<Record<string, string>> = {
  occurrence: 'Occurrence',
  activity: 'Activity',
  instrument: 'Instrument',
  instrumentVersion: 'Version of the instrument',
  submissionId: 'Submission',
  adverseEventId: 'Adverse event',
  takenAt: 'Taken at',
  timing: 'Timing',
  outcome: 'Outcome',
  reason: 'Reason',
  answers: 'Answers',
  scores: 'Scores',
  flags: 'Flags',
  inputMode: 'Entered by',
  term: 'Term',
  onset: 'Onset',
  ongoing: 'Ongoing',
  grade: 'Grade',
  serious: 'Serious',
  note: 'Note',
  relatedness: 'Relatedness',
  rule: 'Rule',
  severity: 'Severity',
  about: 'About',
  message: 'Message',
  participantMessage: 'Message to the participant',
  holdId: 'Hold',
  signalId: 'Signal',
  disposition: 'What was done',
  siteId: 'Site',
  timeZone: 'Time zone',
  kit: 'Kit',
  startDate: 'Start date',
  protocolVersion: 'Protocol version',
  version: 'Version',
  choices: 'Choices',
  signature: 'Signature',
  result: 'Result',
  decisions: 'Decisions',
  medications: 'Medications',
  item: 'Item',
  from: 'Old value',
  to: 'New value',
  scope: 'Scope',
  command: 'Kind of entry',
  code: 'Refused because',
  content: 'Content',
};

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isInstant = (value: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);

export function Values({ of }: { of: unknown }) {
  if (!isPlain(of)) return <p className="note">{showValue(of)}</p>;
  const rows = Object.entries(of).filter(([name, value]) => !hidden.has(name) && value !== null && value !== undefined);
  if (rows.length === 0) return <p className="note">No further content.</p>;
  return (
    <dl className="values">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{names[name] ?? name}</dt>
          <dd>
            {name === 'answers' && isPlain(value) ? (
              <Answers answers={value} instrument={of.instrument} />
            ) : (
              <Value value={value} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { value: unknown }) {
  if (Array.isArray(value) && value.some(isPlain)) {
    return (
      <ul className="value-list">
        {value.map((one) => (
          <li key={JSON.stringify(one)}>
            {isPlain(one) ? Object.values(one).map(showValue).join(' · ') : showValue(one)}
          </li>
        ))}
      </ul>
    );
  }
  if (!isPlain(value)) return <>{showValue(value)}</>;
  return (
    <ul className="value-list">
      {Object.entries(value).map(([name, one]) => (
        <li key={name}>
          <span className="quiet">{names[name] ?? name}:</span> {isPlain(one) ? JSON.stringify(one) : showValue(one)}
        </li>
      ))}
    </ul>
  );
}

/** Questions and options in words. */
function Answers({ answers, instrument }: { answers: Plain; instrument: unknown }) {
  const known = typeof instrument === 'string' ? findInstrument(instrument) : undefined;
  if (known === undefined) return <Value value={answers} />;
  const items = wordedItems(known).filter(({ item }) => answers[item.id] !== undefined && answers[item.id] !== null);
  return (
    <ul className="value-list">
      {items.map(({ item, words, options }) => {
        const given = answers[item.id];
        const chosen = (Array.isArray(given) ? given : [given]).map(
          (one) => options.find(({ value }) => value === one)?.label ?? showValue(one),
        );
        return (
          <li key={item.id}>
            <span className="quiet">{words.text}</span> {chosen.join(', ')}
          </li>
        );
      })}
    </ul>
  );
}

export function showValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return isInstant(value) ? showInstant(value) : value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(showValue).join(', ');
  return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : JSON.stringify(value);
}

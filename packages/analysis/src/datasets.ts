/** The derived tables as flat datasets: typed columns and rows, ready for an exchange format. */
import type { DerivedTables } from './tables.ts';

export type FlatValue = string | number | boolean | null;
export type FlatColumn = {
  readonly name: string;
  readonly label: string;
  readonly dataType: 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime';
  readonly keySequence?: number;
};
export type FlatDataset = {
  readonly name: string;
  readonly label: string;
  readonly columns: readonly FlatColumn[];
  readonly rows: readonly (readonly FlatValue[])[];
};

type Field<Row> = FlatColumn & { readonly of: (row: Row) => FlatValue };

/** Participants, doses, outcomes, guesses, adverse events and, where there are any, envelopes and days of watches; `SOURCE` holds the ledger entries behind a row. */
export function datasetsOf(tables: DerivedTables): FlatDataset[] {
  return [
    flat('ADSL', 'Participants', tables.subjects, [
      key('USUBJID', 'Participant', (row) => row.participantId, 1),
      text('SITEID', 'Site', (row) => row.siteId),
      real('AGE', 'Age, years', (row) => row.age),
      text('SEX', 'Sex', (row) => row.sex),
      { name: 'TRTSDT', label: 'Study day 1', dataType: 'date', of: (row) => row.startDate },
      { name: 'RANDDTM', label: 'Randomised at', dataType: 'datetime', of: (row) => row.randomisedAt },
      real('EXPECT', 'Expectation, 0 to 100', (row) => row.expectation),
      whole('DUE', 'Capsules due', (row) => row.dosesDue),
      whole('TAKEN', 'Capsules taken', (row) => row.dosesTaken),
      flag('ITTFL', 'Randomised', (row) => row.sets.randomised),
      flag('SAFFL', 'Safety set', (row) => row.sets.safety),
      flag('PPROTFL', 'Per-protocol set', (row) => row.sets.perProtocol),
      flag('COMPLFL', 'Completed', (row) => row.sets.completer),
      source(),
    ]),
    flat('ADEX', 'Doses', tables.doses, [
      key('USUBJID', 'Participant', (row) => row.participantId, 1),
      { ...whole('EXSEQ', 'Dose number', (row) => row.doseNumber), keySequence: 2 },
      whole('ADY', 'Study day', (row) => row.studyDay),
      text('STATUS', 'Taken, missed, not recorded or not due', (row) => row.status),
      { name: 'ADTM', label: 'Taken at', dataType: 'datetime', of: (row) => row.takenAt },
      text('TIMING', 'Timing', (row) => row.timing),
      source(),
    ]),
    flat('ADQS', 'Outcomes', tables.outcomes, [
      key('USUBJID', 'Participant', (row) => row.participantId, 1),
      key('SUBMID', 'Submission', (row) => row.submissionId, 2),
      key('PARAMCD', 'Score or item', (row) => row.score, 3),
      text('ACTIVITY', 'Activity', (row) => row.activity),
      whole('ADY', 'Study day', (row) => row.studyDay),
      real('AVAL', 'Value', (row) => row.value),
      text('TIMING', 'Timing', (row) => row.timing),
      flag('CORRFL', 'Corrected', (row) => row.corrected),
      text('LEFTOUT', 'Why left out', (row) => row.leftOut),
      source(),
    ]),
    flat('ADGUESS', 'Guesses', tables.guesses, [
      key('USUBJID', 'Participant', (row) => row.participantId, 1),
      key('ACTIVITY', 'Activity', (row) => row.activity, 2),
      { ...whole('ADY', 'Study day', (row) => row.studyDay), keySequence: 3 },
      text('GUESS', 'Guess', (row) => row.guess),
      real('CONFID', 'Confidence, 0 to 100', (row) => row.confidence),
      text('CUES', 'Cues', (row) => row.cues.join(' ')),
      text('LEFTOUT', 'Why left out', (row) => row.leftOut),
      source(),
    ]),
    flat('ADAE', 'Adverse events', tables.adverseEvents, [
      key('USUBJID', 'Participant', (row) => row.participantId, 1),
      key('AEID', 'Adverse event', (row) => row.adverseEventId, 2),
      text('AETERM', 'Term as reported', (row) => row.term),
      { name: 'AESTDT', label: 'Onset', dataType: 'date', of: (row) => row.onset },
      whole('AESTDY', 'Study day of onset', (row) => row.studyDay),
      whole('AETOXGR', 'Grade', (row) => row.grade),
      flag('AESER', 'Serious', (row) => row.serious),
      text('AEREL', 'Relatedness', (row) => row.relatedness),
      text('AEOUT', 'Outcome', (row) => row.outcome),
      source(),
    ]),
    ...(tables.packing.length === 0 ? [] : [envelopeSet(tables)]),
    ...(tables.wearables.length === 0 ? [] : [wearableSet(tables)]),
  ];
}

const wearableSet = ({ wearables }: DerivedTables) =>
  flat('ADWEAR', 'Days of watches and phones', wearables, [
    key('USUBJID', 'Participant', (row) => row.participantId, 1),
    { name: 'ADT', label: 'Date', dataType: 'date', of: (row) => row.date, keySequence: 2 },
    key('PARAMCD', 'Measure', (row) => row.measure, 3),
    whole('ADY', 'Study day', (row) => row.studyDay),
    real('AVAL', 'Value', (row) => row.value),
    text('ORIGIN', 'Kind of export', (row) => row.device),
    source(),
  ]);

const envelopeSet = ({ envelopes }: DerivedTables) =>
  flat('ADENV', 'Envelopes', envelopes, [
    key('USUBJID', 'Participant', (row) => row.participantId, 1),
    { ...whole('WEEK', 'Dose week', (row) => row.week), keySequence: 2 },
    key('ENVID', 'Envelope', (row) => row.envelope, 3),
    { name: 'ADTM', label: 'Opened at', dataType: 'datetime', of: (row) => row.openedAt },
    text('FLAGS', 'How it departs from the plan', (row) => row.flags.join(' ')),
    source(),
  ]);

function flat<Row>(name: string, label: string, rows: readonly Row[], fields: readonly Field<Row>[]): FlatDataset {
  return {
    name,
    label,
    columns: fields.map(({ of: _, ...column }) => column),
    rows: rows.map((row) => fields.map(({ of }) => of(row))),
  };
}

function key<Row>(name: string, label: string, of: (row: Row) => string, keySequence: number): Field<Row> {
  return { name, label, dataType: 'string', of, keySequence };
}
function text<Row>(name: string, label: string, of: (row: Row) => string | null): Field<Row> {
  return { name, label, dataType: 'string', of };
}
function whole<Row>(name: string, label: string, of: (row: Row) => number | null): Field<Row> {
  return { name, label, dataType: 'integer', of };
}
function real<Row>(name: string, label: string, of: (row: Row) => number | null): Field<Row> {
  return { name, label, dataType: 'float', of };
}
function flag<Row>(name: string, label: string, of: (row: Row) => boolean): Field<Row> {
  return { name, label, dataType: 'boolean', of };
}
function source<Row extends { readonly source: { readonly seqs: readonly number[] } }>(): Field<Row> {
  return text('SOURCE', 'Entries of the record', (row) => row.source.seqs.join(' '));
}

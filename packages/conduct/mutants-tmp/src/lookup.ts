/** Calendars and protocols, indexed once and remembered as long as they live. */
import {
  type Activity,
  type Calendar,
  compileRule,
  holdVariables,
  type Occurrence,
  type ProtocolDocument,
} from '@limen/protocol';

export type TimedOccurrence = Occurrence & {
  readonly opensMs: number;
  readonly closesMs: number;
  readonly lateMs: number;
};

const calendars = new WeakMap<Calendar, ReadonlyMap<string, TimedOccurrence>>();

/** Occurrences by id, in the calendar's order. */
export function occurrencesOf(calendar: Calendar): ReadonlyMap<string, TimedOccurrence> {
  const known = calendars.get(calendar);
  if (known !== undefined) return known;
  const index = new Map(calendar.occurrences.map((occurrence) => [occurrence.id, timed(occurrence)]));
  calendars.set(calendar, index);
  return index;
}

function timed(occurrence: Occurrence): TimedOccurrence {
  return {
    ...occurrence,
    opensMs: Date.parse(occurrence.opensAt),
    closesMs: Date.parse(occurrence.closesAt),
    lateMs: Date.parse(occurrence.lateUntil),
  };
}

/** What a hold rule may read, and what of it has changed: a rule is asked only when something it reads has. */
export type Changed = {
  readonly flags: boolean;
  readonly adverseEvent: boolean;
  readonly doses: boolean;
  /** The instrument that was answered; null: none. */
  readonly instrument: string | null;
};

type Reading = Omit<Changed, 'instrument'> & {
  /** Instruments whose scores are read; null: any. */
  readonly instruments: ReadonlySet<string> | null;
};

type ProtocolIndex = {
  readonly activities: ReadonlyMap<string, Activity>;
  readonly readings: readonly Reading[];
  /** The protocol with the rules that read what has changed, by what has changed. */
  readonly asked: Map<string, ProtocolDocument>;
};

const protocols = new WeakMap<ProtocolDocument, ProtocolIndex>();

function indexOf(protocol: ProtocolDocument): ProtocolIndex {
  const known = protocols.get(protocol);
  if (known !== undefined) return known;
  const index: ProtocolIndex = {
    activities: new Map(protocol.activities.map((activity) => [activity.id, activity])),
    readings: protocol.safety.holdRules.map(({ rule }) => readingOf(rule)),
    asked: new Map(),
  };
  protocols.set(protocol, index);
  return index;
}

export function activitiesOf(protocol: ProtocolDocument): ReadonlyMap<string, Activity> {
  return indexOf(protocol).activities;
}

/** The protocol with only those hold rules that read something of what has changed. */
export function withRulesReading(protocol: ProtocolDocument, changed: Changed): ProtocolDocument {
  const { asked, readings } = indexOf(protocol);
  const key = `${changed.flags} ${changed.adverseEvent} ${changed.doses} ${changed.instrument}`;
  const known = asked.get(key);
  if (known !== undefined) return known;
  const holdRules = protocol.safety.holdRules.filter((_, position) => {
    const reading = readings[position];
    return reading === undefined || readsAnyOf(reading, changed);
  });
  const reduced = { ...protocol, safety: { ...protocol.safety, holdRules } };
  asked.set(key, reduced);
  return reduced;
}

function readsAnyOf({ instruments, ...reads }: Reading, { instrument, ...changed }: Changed): boolean {
  if (instrument !== null && (instruments === null || instruments.has(instrument))) return true;
  return (
    (reads.flags && changed.flags) || (reads.adverseEvent && changed.adverseEvent) || (reads.doses && changed.doses)
  );
}

/** @throws ProtocolError `rule_invalid` later, where the rule is asked; here what cannot be read is asked always. */
function readingOf(rule: string): Reading {
  const compiled = compileRule(rule, holdVariables);
  if (!compiled.ok) return { flags: true, adverseEvent: true, doses: true, instruments: null };
  const { paths } = compiled.rule;
  const reads = (root: string) => paths.some((path) => path.root === root);
  const scores = paths.filter(({ root }) => root === 'latest' || root === 'baseline').map(({ steps }) => steps[0]);
  return {
    flags: reads('flags'),
    adverseEvent: reads('adverseEvent'),
    doses: reads('doses'),
    instruments: scores.includes(undefined) ? null : new Set(scores.map(String)),
  };
}

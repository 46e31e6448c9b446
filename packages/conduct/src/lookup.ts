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

/** What a hold rule reads, so that a rule is asked only when something it reads has changed. */
export type RuleReading = {
  readonly flags: boolean;
  readonly adverseEvent: boolean;
  readonly doses: boolean;
  /** Instruments whose scores are read; null: any. */
  readonly instruments: ReadonlySet<string> | null;
};

type ProtocolIndex = {
  readonly activities: ReadonlyMap<string, Activity>;
  readonly readings: ReadonlyMap<string, RuleReading>;
};

const protocols = new WeakMap<ProtocolDocument, ProtocolIndex>();

export function indexOf(protocol: ProtocolDocument): ProtocolIndex {
  const known = protocols.get(protocol);
  if (known !== undefined) return known;
  const index: ProtocolIndex = {
    activities: new Map(protocol.activities.map((activity) => [activity.id, activity])),
    readings: new Map(protocol.safety.holdRules.map(({ id, rule }) => [id, readingOf(rule)])),
  };
  protocols.set(protocol, index);
  return index;
}

function readingOf(rule: string): RuleReading {
  const compiled = compileRule(rule, holdVariables);
  const paths = compiled.ok ? compiled.rule.paths : [];
  const reads = (root: string) => paths.some((path) => path.root === root);
  const scores = paths.filter(({ root }) => root === 'latest' || root === 'baseline').map(({ steps }) => steps[0]);
  return {
    flags: reads('flags'),
    adverseEvent: reads('adverseEvent'),
    doses: reads('doses'),
    instruments: scores.includes(undefined) ? null : new Set(scores.map(String)),
  };
}

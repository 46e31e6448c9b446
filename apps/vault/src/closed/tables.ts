/** The numbers of a closed report: the study's blinded data beside the allocation, by lettered arm. Pure. */
import { exactInterval } from '@limen/pharmacology';

import type { ProtocolDocument, StoppingRule } from '@limen/protocol';
import { betaUpper, kaplanMeier, tQuantile } from '@limen/statistics';
import type { ClosedData, ClosedPerson } from './protocol.ts';

export type Arm = { readonly letter: string; readonly people: readonly ClosedPerson[] };

/** `armOf`: by participant, from the vault. Who is not allocated is not in the report. */
export function armsOf(data: ClosedData, letters: readonly string[], armOf: ReadonlyMap<string, string>): Arm[] {
  return letters.map((arm, index) => ({
    letter: String.fromCharCode(65 + index),
    people: data.participants.filter(
      ({ participantId }) => armOf.get(participantId)?.toLowerCase() === arm.toLowerCase(),
    ),
  }));
}

export type Counted = { readonly what: string; readonly counts: readonly number[] };

export function disposition(arms: readonly Arm[]): Counted[] {
  const of = (what: string, holds: (person: ClosedPerson) => boolean): Counted => ({
    what,
    counts: arms.map(({ people }) => people.filter(holds).length),
  });
  return [
    of('Randomised', () => true),
    of('In the study', ({ status }) => status === 'randomised'),
    of('Completed', ({ status }) => status === 'completed'),
    of('Withdrawn', ({ status }) => status === 'withdrawn'),
    of('On hold now', ({ onHold }) => onHold),
    of('Held at least once', ({ holds }) => holds > 0),
    of('Capsules ended', ({ dosingStopped }) => dosingStopped),
    of('Deaths', ({ adverseEvents }) => adverseEvents.some(({ outcome, grade }) => outcome === 'fatal' || grade === 5)),
  ];
}

export type Share = {
  readonly people: number;
  readonly of: number;
  readonly events: number;
  readonly lower: number;
  readonly upper: number;
};
export type Event = ClosedPerson['adverseEvents'][number];

const related: ReadonlySet<string> = new Set(['possible', 'probable', 'definite']);
/** An event nobody has assessed yet counts as related. */
export const isRelated = ({ relatedness }: Event): boolean => relatedness === null || related.has(relatedness);

/** People with at least one such event, their share with Clopper & Pearson's (1934) 95 % limits, and events. */
export function eventsBy(arm: Arm, holds: (event: Event) => boolean): Share {
  const found = arm.people.map(({ adverseEvents }) => adverseEvents.filter(holds).length);
  const people = found.filter((count) => count > 0).length;
  const of = arm.people.length;
  return {
    people,
    of,
    events: found.reduce((sum, count) => sum + count, 0),
    ...(of === 0 ? { lower: 0, upper: 1 } : exactInterval(people, of)),
  };
}

export function termsOf(arms: readonly Arm[]): string[] {
  const terms = new Set(
    arms.flatMap(({ people }) => people.flatMap(({ adverseEvents }) => adverseEvents.map(({ term }) => term))),
  );
  return [...terms].sort();
}

export type Mean = {
  readonly n: number;
  readonly mean: number;
  readonly lower: number | null;
  readonly upper: number | null;
};

/** Means by study day with t intervals; `null` limits where fewer than two people have a value. */
export function outcomeBy(arm: Arm, endpoint: string): Map<number, Mean> {
  const values = new Map<number, number[]>();
  for (const { outcomes } of arm.people) {
    for (const [id, day, value] of outcomes) {
      if (id === endpoint) values.set(day, [...(values.get(day) ?? []), value]);
    }
  }
  return new Map([...values].sort(([a], [b]) => a - b).map(([day, all]) => [day, meanOf(all)]));
}

function meanOf(values: readonly number[]): Mean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { n, mean, lower: null, upper: null };
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (tQuantile(0.975, n - 1) * sd) / Math.sqrt(n);
  return { n, mean, lower: mean - half, upper: mean + half };
}

/** Share still followed after 28, 56, … days, by Kaplan & Meier, withdrawal being the event. */
export function staying(arm: Arm, days: readonly number[]): (number | null)[] {
  if (arm.people.length === 0) return days.map(() => null);
  const { steps } = kaplanMeier(
    arm.people.map(({ followedDays, status }) => ({
      time: Math.max(followedDays, 0.5),
      event: status === 'withdrawn',
    })),
  );
  return days.map((day) => steps.findLast(({ time }) => time <= day)?.survival ?? 1);
}

/** Last guess of everybody. Which guess is right of an arm is not asked: it would say which arm it is. */
export function guessesBy(arm: Arm): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { guesses } of arm.people) {
    const last = guesses.toSorted(([a], [b]) => a - b).at(-1)?.[1];
    if (last !== undefined) counts.set(last, (counts.get(last) ?? 0) + 1);
  }
  return counts;
}

/** People of the arm with such an event, and of a rate Pr(rate > limit) under the rule's prior; null: too few exposed. */
export type StoppingStanding = {
  readonly people: number;
  readonly exposed: number;
  readonly probability: number | null;
  readonly met: boolean;
};

const stops: Readonly<Record<StoppingRule['event'], (event: Event) => boolean>> = {
  relatedGrade3: (event) => event.grade >= 3 && isRelated(event),
  serious: ({ serious }) => serious,
  death: ({ grade, outcome }) => grade === 5 || outcome === 'fatal',
};

/** As the study asks it of everybody together, of one arm. */
export function stoppingBy(arm: Arm, rule: StoppingRule): StoppingStanding {
  const { people } = eventsBy(arm, stops[rule.event]);
  const exposed = Math.max(arm.people.filter(({ dosesTaken }) => dosesTaken > 0).length, people);
  if (rule.kind === 'count') return { people, exposed, probability: null, met: people >= rule.atLeast };
  if (exposed < rule.minimumExposed) return { people, exposed, probability: null, met: false };
  const { alpha, beta } = rule.prior;
  const probability = betaUpper(rule.limit, alpha + people, beta + exposed - people);
  return { people, exposed, probability, met: probability > rule.probability };
}

export function endpointsOf(document: ProtocolDocument | null): { id: string; label: string }[] {
  return (document?.analysis.endpoints ?? []).map(({ id, label }) => ({ id, label }));
}

/**
 * The week schedule of the self-blinding citizen-science design.
 *
 * Source: Szigeti et al. 2021, eLife 10:e62878. Four dose weeks; capsules on Monday, Tuesday, Thursday and Friday; arms
 * placebo (no micro-dose week), half-half (weeks of alternating type, two of each) and micro-dose (four micro-dose
 * weeks), each with probability 1/3. A micro-dose week holds two micro-doses and two placebos, so the arms hold 0, 4
 * and 8 micro-doses. The printed envelopes are replaced by one draw per participant.
 *
 * The paper says that a micro-dose week has four variants with different active days; the text we worked from does not
 * list them. Of the six ways to choose two of the four capsule days, exactly four leave a day between the active ones
 * (a psychedelic taken on the day after another acts less): Mon+Thu, Mon+Fri, Tue+Thu, Tue+Fri. We take those four.
 * Every capsule day is then active in two of the four variants, so also half of the Thursdays on which acute effects
 * are measured. A participant meets no variant twice, as the four micro-dose envelopes of the paper had one each.
 */
import type { Draws } from './draws.ts';

export const capsuleDays = ['mon', 'tue', 'thu', 'fri'] as const;
export type CapsuleDay = (typeof capsuleDays)[number];

export const weekVariants = {
  monThu: ['mon', 'thu'],
  monFri: ['mon', 'fri'],
  tueThu: ['tue', 'thu'],
  tueFri: ['tue', 'fri'],
} as const satisfies Record<string, readonly [CapsuleDay, CapsuleDay]>;
export type WeekVariant = keyof typeof weekVariants;

export type SelfBlindingArm = 'PL' | 'HH' | 'MD';
export type Content = 'MD' | 'PL';

export type DoseWeek = {
  /** Dose week, counted from 1. */
  readonly week: number;
  readonly type: Content;
  /** Which days of a micro-dose week are active; null in a placebo week. */
  readonly variant: WeekVariant | null;
  readonly days: Readonly<Record<CapsuleDay, Content>>;
};

const variantNames = ['monThu', 'monFri', 'tueThu', 'tueFri'] as const satisfies readonly WeekVariant[];

/** Which of the two week orders of half-half, and in which order the four variants are used. */
export function drawSelfBlindingWeeks(arm: SelfBlindingArm, draws: Draws): readonly DoseWeek[] {
  const microdoseFirst = draws.below(2) === 0;
  const variants = shuffled(variantNames, draws);
  let used = 0;
  return weekTypes(arm, microdoseFirst).map((type, index) => {
    const variant = type === 'MD' ? (variants[used++] ?? null) : null;
    return { week: index + 1, type, variant, days: daysOf(variant) };
  });
}

/** A random order, every order equally likely (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], draws: Draws): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = draws.below(last + 1);
    const [a, b] = [order[last], order[chosen]];
    if (a === undefined || b === undefined) continue;
    order[last] = b;
    order[chosen] = a;
  }
  return order;
}

function weekTypes(arm: SelfBlindingArm, microdoseFirst: boolean): readonly Content[] {
  switch (arm) {
    case 'PL':
      return ['PL', 'PL', 'PL', 'PL'];
    case 'MD':
      return ['MD', 'MD', 'MD', 'MD'];
    case 'HH':
      return microdoseFirst ? ['MD', 'PL', 'MD', 'PL'] : ['PL', 'MD', 'PL', 'MD'];
  }
}

function daysOf(variant: WeekVariant | null): Record<CapsuleDay, Content> {
  const active: readonly CapsuleDay[] = variant === null ? [] : weekVariants[variant];
  const content = (day: CapsuleDay): Content => (active.includes(day) ? 'MD' : 'PL');
  return { mon: content('mon'), tue: content('tue'), thu: content('thu'), fri: content('fri') };
}

/** Blinding, allocation, endpoints and consent. */
import type { AllocationProcedure } from '../document.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';
import { allBefore } from './schedule.ts';

type Protocol = CheckContext['protocol'];

export function checkDesign({ protocol }: CheckContext, plans: readonly DayPlan[]): Finding[] {
  return [
    ...checkBlinding(protocol),
    ...checkGuessOrder(protocol, plans),
    ...checkAllocation(protocol),
    ...checkEndpoints(protocol, plans),
    ...checkConsent(protocol),
    ...(protocol.safety.contacts.length > 0
      ? []
      : [
          finding(
            'advice',
            'safety_contacts_missing',
            ['safety', 'contacts'],
            'Say whom participants can reach, and when.',
          ),
        ]),
  ];
}

function checkBlinding({ blinding, activities }: Protocol): Finding[] {
  if (blinding.masked.length === 0) return [];
  const found: Finding[] = [];
  if (blinding.emergencyUnblinding === undefined) {
    const message = 'Say who can open one participant’s allocation in an emergency, and how.';
    found.push(finding('error', 'emergency_unblinding_missing', ['blinding'], message, 'ICH E6(R3)'));
  }
  const guess = activities.find(({ id }) => id === blinding.guessActivity);
  if (blinding.guessActivity === undefined) {
    const message = 'Without a guess nobody can tell whether the blinding held.';
    found.push(finding('warning', 'guess_missing', ['blinding'], message, 'Szigeti 2021'));
  } else if (guess !== undefined && guess.purpose !== 'guess') {
    const message = `“${guess.id}” has the purpose “${guess.purpose}”.`;
    found.push(finding('error', 'guess_activity_wrong', ['blinding', 'guessActivity'], message));
  }
  return found;
}

/** Asking for a guess first primes the ratings that follow. */
function checkGuessOrder({ activities, analysis }: Protocol, plans: readonly DayPlan[]): Finding[] {
  const outcomes = [...new Set(analysis.endpoints.map(({ activity }) => activity))];
  return activities.flatMap((guess, index) => {
    if (guess.purpose !== 'guess') return [];
    const before = allBefore(activities, guess.id);
    const open = outcomes.filter(
      (id) =>
        id !== guess.id &&
        !before.has(id) &&
        plans.some((plan) => plan.get(id)?.some((day) => plan.get(guess.id)?.includes(day))),
    );
    return open.map((id) => {
      const message = `“${guess.id}” can be answered before the outcome “${id}” of the same day.`;
      return finding(
        'error',
        'guess_before_outcome',
        ['activities', index, 'after'],
        message,
        'Szigeti 2021: guess after outcomes',
      );
    });
  });
}

/** Arm ids of this package for the arms of the self-blinding procedure: `pl` is PL, `hh` HH, `md` MD. */
export const selfBlindingArmIds = { pl: 'PL', hh: 'HH', md: 'MD' } as const;

function checkAllocation(protocol: Protocol): Finding[] {
  const { arms, randomisation } = protocol;
  if (arms.length < 2) return checkSingleArm(randomisation.procedure);
  switch (randomisation.procedure.kind) {
    case 'permutedBlocks':
      return checkBlocks(arms, randomisation.procedure.sizes);
    case 'selfBlindingWeeks':
      return checkSelfBlinding(protocol);
    case 'maximal':
      return [...checkSlots(arms, 6), ...checkBlocks(arms, [randomisation.procedure.size], ['size'])];
    case 'biasedCoin':
      return [...checkSlots(arms, 64), ...checkCoin(randomisation.procedure)];
    case 'blockUrn':
      return checkBlockUrn(arms);
    case 'urn':
    case 'bigStick':
      return checkSlots(arms, 64);
    case 'complete':
      return [];
    default:
      return randomisation.procedure satisfies never;
  }
}

function checkSingleArm({ kind }: AllocationProcedure): Finding[] {
  const single = finding('warning', 'single_arm', ['arms'], 'One arm compares with nothing.');
  if (kind !== 'urn') return [single];
  const message = 'An urn gains balls of the arms not drawn, so it needs two arms.';
  return [single, finding('error', 'procedure_arms_mismatch', ['randomisation', 'procedure'], message, 'Wei 1977')];
}

function checkBlocks(arms: Protocol['arms'], sizes: readonly number[], at?: readonly string[]): Finding[] {
  const total = slotsOf(arms);
  return sizes.flatMap((size, index) => {
    if (size % total === 0) return [];
    const path = ['randomisation', 'procedure', ...(at ?? ['sizes', index])];
    return [
      finding(
        'error',
        'block_size_not_multiple',
        path,
        `A block of ${size} cannot hold the ratio, which adds up to ${total}.`,
      ),
    ];
  });
}

/** The weights in lowest terms, added up. */
function slotsOf(arms: Protocol['arms']): number {
  const divisor = arms.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0);
  return arms.reduce((sum, { weight }) => sum + weight, 0) / divisor;
}

function checkSlots(arms: Protocol['arms'], most: number): Finding[] {
  const total = slotsOf(arms);
  if (total <= most) return [];
  const message = `The weights in lowest terms add up to ${total}; the procedure can draw ${most} at most.`;
  return [finding('error', 'ratio_too_large', ['arms'], message)];
}

function checkCoin({ favour, against }: Extract<AllocationProcedure, { kind: 'biasedCoin' }>): Finding[] {
  if (favour > against) return [];
  const message = `With ${favour} against ${against} chances the arm that is behind is not favoured.`;
  return [finding('error', 'coin_not_biased', ['randomisation', 'procedure', 'favour'], message, 'Efron 1971')];
}

function checkBlockUrn(arms: Protocol['arms']): Finding[] {
  if (new Set(arms.map(({ weight }) => weight)).size === 1) return [];
  const message = 'With unequal weights a block urn does not keep the ratio at every step; another procedure does.';
  return [finding('warning', 'ratio_not_kept', ['randomisation', 'procedure'], message)];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function checkSelfBlinding({ arms, dosing, epochs }: Protocol): Finding[] {
  const mismatch = (path: (string | number)[], message: string): Finding =>
    finding('error', 'procedure_arms_mismatch', path, message, 'Szigeti 2021');
  const ids = Object.keys(selfBlindingArmIds);
  const wrongIds = [...arms.map(({ id }) => id)].sort().join() !== [...ids].sort().join();
  if (wrongIds) return [mismatch(['arms'], `The arms of this procedure are ${ids.join(', ')}.`)];
  const found = arms.flatMap(({ id, weight, content }, index) => {
    const expected = id === 'pl' ? 'constant' : 'drawn';
    return [
      ...(weight === arms[0]?.weight ? [] : [mismatch(['arms', index, 'weight'], 'All arms have the same weight.')]),
      ...(content.kind === expected
        ? []
        : [mismatch(['arms', index, 'content'], `The content of “${id}” is ${expected}.`)]),
    ];
  });
  const epoch = epochs.find(({ id }) => id === dosing.epoch);
  if (epoch !== undefined && epoch.lastDay - epoch.firstDay + 1 !== 28) {
    found.push(mismatch(['dosing', 'epoch'], 'This procedure fills exactly 4 weeks.'));
  }
  return found;
}

export const modelColumns = [
  'value',
  'condition',
  'guess',
  'participant',
  'day',
  'week',
  'baseline',
  'expectation',
  'age',
  'sex',
  'site',
] as const;

function checkEndpoints({ analysis }: Protocol, plans: readonly DayPlan[]): Finding[] {
  const columns: readonly string[] = modelColumns;
  const found = analysis.endpoints.flatMap(({ id, activity, model }, index) => {
    const path = ['analysis', 'endpoints', index];
    const unmeasured = plans.some((plan) => plan.get(activity)?.length === 0);
    const strange = [...new Set(model.match(/[A-Za-z_]\w*/g) ?? [])].filter((word) => !columns.includes(word));
    return [
      ...(unmeasured
        ? [finding('error', 'endpoint_never_measured', [...path, 'activity'], `“${id}” is never measured.`)]
        : []),
      ...strange.map((word) =>
        finding(
          'error',
          'model_unknown_column',
          [...path, 'model'],
          `There is no column “${word}”; there are ${columns.join(', ')}.`,
        ),
      ),
    ];
  });
  if (analysis.endpoints.some(({ level }) => level === 'primary')) return found;
  return [...found, finding('warning', 'no_primary_endpoint', ['analysis', 'endpoints'], 'No endpoint is primary.')];
}

/** What every consent text says, by section id. */
export const consentTopics = [
  'experimental',
  'benefit',
  'anxiety',
  'heart',
  'driving',
  'pregnancy',
  'law',
  'drug-tests',
  'supply',
  'unblinding',
  'data',
  'stopping',
] as const;

function checkConsent({ consent }: Protocol): Finding[] {
  return consent.flatMap(({ sections, comprehension }, index) => [
    ...comprehension.flatMap(({ options, correct }, position) =>
      correct < options.length
        ? []
        : [
            finding(
              'error',
              'consent_answer_outside',
              ['consent', index, 'comprehension', position, 'correct'],
              `There are ${options.length} options, counted from 0.`,
            ),
          ],
    ),
    ...consentTopics
      .filter((topic) => !sections.some(({ id }) => id === topic))
      .map((topic) =>
        finding('advice', 'consent_topic_missing', ['consent', index, 'sections'], `There is no section “${topic}”.`),
      ),
  ]);
}

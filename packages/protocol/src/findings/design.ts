/** Blinding, endpoints and consent. */
import { checkAllocation } from './allocation.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';
import { allBefore } from './schedule.ts';

type Protocol = CheckContext['protocol'];

export function checkDesign(context: CheckContext, plans: readonly DayPlan[]): Finding[] {
  const { protocol } = context;
  return [
    ...checkBlinding(protocol),
    ...checkGuessOrder(protocol, plans),
    ...checkAllocation(context),
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

export const modelColumns = [
  'value',
  'condition',
  'guess',
  'participant',
  'day',
  'visit',
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

/** A medicine named in the diary, held against the study's substances as if every capsule were active. */
import { interactionsOf, type ProtocolDocument } from '@limen/protocol';
import type { Answers } from './command.ts';
import type { Event } from './event.ts';

type Severity = Extract<Event, { type: 'signal.raised' }>['severity'];
export type MedicineWarning = { readonly severity: Severity; readonly message: string };

/** Diary items that name a medicine. */
const naming = ['newMedicineName'] as const;

/** What a choice of the diary stands for among the known interactions; the others say too little to be looked up. */
const substancesChosen: Readonly<Record<string, string>> = {
  cannabis: 'cannabis',
  psychedelic: 'psilocybin',
  mdma: 'mdma',
  ketamine: 'ketamine',
  stimulant: 'amphetamine',
};

/** Drinks in a day from which alcohol counts: heavy drinking by the NIAAA, the lower of its two limits (women 4, men 5). */
const heavyDrinking = 4;

const grades = [
  { list: 'contraindicated', severity: 'urgent', words: 'must not be combined with' },
  { list: 'major', severity: 'urgent', words: 'has a major interaction with' },
  { list: 'caution', severity: 'prompt', words: 'calls for caution with' },
] as const;

/**
 * What the team is told; null where nothing is known against it, or where nothing was named. A medicine that is not
 * recognised is read by the team all the same: that something new is taken is a signal of its own.
 * @param on local date of the answer
 */
export function medicineWarning(protocol: ProtocolDocument, answers: Answers, on: string): MedicineWarning | null {
  const named = namedIn(answers);
  if (named.length === 0) return null;
  const found = interactionsOf(protocol, named, on);
  const worst = grades.find(({ list }) => (found[list]?.length ?? 0) > 0);
  if (worst === undefined) return null;
  const names = (found[worst.list] ?? []).join(', ');
  const message = `Something was named in the diary that ${worst.words} the study’s substance: ${names}. Call the participant before the next capsule.`;
  return { severity: worst.severity, message };
}

function namedIn(answers: Answers): string[] {
  const medicines = naming.flatMap((item) => {
    const answer = answers[item];
    return typeof answer === 'string' && answer.trim() !== '' ? [answer.trim()] : [];
  });
  const { otherSubstances, alcohol } = answers;
  const chosen = Array.isArray(otherSubstances) ? otherSubstances : [];
  const substances = chosen.flatMap((choice) => substancesChosen[String(choice)] ?? []);
  return [...medicines, ...substances, ...(Number(alcohol ?? 0) >= heavyDrinking ? ['alcohol'] : [])];
}

/** What a virtual person writes into a form, given who they are and what the day was like. */
import type { CommandOf } from '@limen/conduct';
import { type Answers, type Instrument, instrumentById, simulateAnswers } from '@limen/instruments';
import type { Activity, ProtocolDocument } from '@limen/protocol';
import type { Random } from '@limen/statistics';
import { type CapsuleDay, clamp, type Person, rate } from './person.ts';
import type { Settings } from './settings.ts';

type Given = {
  readonly person: Person;
  readonly day: CapsuleDay | null;
  readonly settings: Settings;
  readonly random: Random;
  readonly purpose: Activity['purpose'];
  readonly week: number;
};

type Form = Pick<CommandOf<'submit'>, 'instrument' | 'instrumentVersion' | 'answers'>;

export function answersFor(instrumentId: string, given: Given): Form {
  const instrument = instrumentById(instrumentId);
  const answers = simulateAnswers(instrument, {
    random: given.random,
    severity: burdenOf(given.person, given.purpose),
    skip: 0.8,
    fixed: {
      ...ratings(instrument, given),
      ...guess(instrument, given),
      ...sideEffects(instrument, given),
      ...alarms(instrument, given.random),
    },
  });
  return { instrument: instrument.id, instrumentVersion: instrument.version, answers: plain(answers) };
}

/** Symptom questionnaires: an average person sits at 0.2 of the scale; everyone regresses a little over the study. */
function burdenOf(person: Person, purpose: Activity['purpose']): number {
  const settled = purpose === 'baseline' ? 0 : 0.03;
  return clamp(0.18 + 0.09 * person.severity - settled, 0.02, 0.6);
}

function ratings(instrument: Instrument, given: Given): Record<string, number> {
  const found: Record<string, number> = {};
  for (const item of instrument.items) {
    if (item.kind !== 'rating') continue;
    if (given.purpose === 'expectancy') {
      found[item.id] = Math.round(clamp(given.person.expectation + given.random.normal(0, 8), item.min, item.max));
      continue;
    }
    const effect = given.settings.ratings[item.id];
    if (effect) found[item.id] = rate({ ...given, item: item.id, effect }, given.random);
  }
  return found;
}

function guess(instrument: Instrument, { day, random }: Given): Answers {
  if (!instrument.id.startsWith('treatment-guess')) return {};
  const options = instrument.responseSets.guess ?? [];
  const belief =
    day === null ? (random.bernoulli(0.3) ? 'active' : 'placebo') : day.belief === 'unsure' ? 'dontKnow' : day.belief;
  const said = options.includes(belief) ? belief : 'placebo';
  if (said === 'dontKnow') return { guess: said };
  const cue = said === 'active' ? random.choice(['body', 'energy', 'mood', 'senses', 'mind']) : 'noEffect';
  return { guess: said, confidence: day?.confidence ?? 30, cues: [cue] };
}

function sideEffects(instrument: Instrument, { day, random }: Given): Answers {
  if (!instrument.responseSets.effects) return {};
  const felt = day?.sideEffects ?? random.bernoulli(0.06);
  const warnings = instrument.responseSets.warningSigns ? { warningSigns: ['none'] } : {};
  if (!felt) return { ...warnings, effects: ['none'] };
  const usual = instrument.responseSets.effects.map(String).filter((effect) => effect !== 'none');
  return { ...warnings, effects: [random.choice(usual)] };
}

/** Answers that must be acted on at once are rare: 2 % of forms, not what the severity of a scale would make of them. */
function alarms(instrument: Instrument, random: Random): Answers {
  const found: Record<string, number | string | string[]> = {};
  for (const { when } of instrument.safetyFlags) {
    if ('atLeast' in when && instrument.items.some((item) => item.id === when.item && !item.showWhen)) {
      found[when.item] = random.bernoulli(0.02) ? when.atLeast : 0;
    }
  }
  if (instrument.items.some((item) => item.id === 'newMedicine')) found.newMedicine = 'no';
  if (instrument.responseSets.otherSubstances) found.otherSubstances = [random.bernoulli(0.03) ? 'cannabis' : 'none'];
  return found;
}

/** Screening: a person who qualifies answers the safe way; one who does not has one of the reasons. */
export function screeningAnswers(
  protocol: ProtocolDocument,
  person: Person,
  random: Random,
): Pick<CommandOf<'screen'>, 'instrumentVersion' | 'answers' | 'medications'> {
  const own = random.fork(`screening/${person.index}`);
  const instrument = instrumentById(protocol.population.screeningInstrument);
  const medications = person.qualifies || own.bernoulli(0.5) ? [] : [own.choice(['lithium', 'tramadol'])];
  const fixed: Record<string, string | number | string[]> = {};
  for (const item of instrument.items) {
    if (item.kind === 'choice') {
      const options = (instrument.responseSets[item.responseSet] ?? []).map(String);
      if (options.includes('notApplicable')) fixed[item.id] = person.sex === 'male' ? 'notApplicable' : 'no';
      else if (options.includes('no')) fixed[item.id] = 'no';
    }
  }
  Object.assign(fixed, {
    age: person.age,
    sex: person.sex,
    contraception: 'yes',
    bloodPressureKnown: 'yes',
    systolic: Math.round(clamp(own.normal(120, 8), 100, 134)),
    diastolic: Math.round(clamp(own.normal(76, 5), 60, 84)),
    takesMedication: medications.length > 0 ? 'yes' : 'no',
    substancesPastMonth: ['none'],
    alcoholPerWeek: own.integer(0, 9),
    psychedelicExperience: own.choice(['twoToTen', 'moreThanTen']),
    microdosedBefore: own.bernoulli(0.6) ? 'yes' : 'no',
    lastPsychedelicDays: own.integer(60, 900),
  });
  if (medications.length > 0) fixed.medications = medications;
  if (!person.qualifies && medications.length === 0) {
    fixed[own.choice(['personalPsychosis', 'familyPsychosis', 'personalBipolar', 'seizure'])] = 'yes';
  }
  const answers = simulateAnswers(instrument, { random: own, fixed, skip: 1 });
  return { instrumentVersion: instrument.version, answers: plain(answers), medications };
}

/** Reads everything, answers every question right, agrees to what is required. */
export function consentAnswers(
  protocol: ProtocolDocument,
): Pick<CommandOf<'consent'>, 'version' | 'choices' | 'comprehension' | 'signature'> {
  const newest = protocol.consent.at(-1);
  if (!newest) throw new RangeError('The protocol has no consent version');
  return {
    version: newest.version,
    choices: Object.fromEntries(newest.choices.map((choice) => [choice.id, true])),
    comprehension: Object.fromEntries(newest.comprehension.map((question) => [question.id, question.correct])),
    signature: 'Virtual participant',
  };
}

function plain(answers: Answers): CommandOf<'submit'>['answers'] {
  return Object.fromEntries(
    Object.entries(answers).map(([item, answer]) => [
      item,
      typeof answer === 'string' || typeof answer === 'number' || answer === null ? answer : [...answer],
    ]),
  );
}

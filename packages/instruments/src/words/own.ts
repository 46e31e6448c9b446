/** The words of our own instruments in another language, put together from what they share. */
import type { InstrumentTexts, ItemText } from '../instrument.ts';
import type { SolicitedEffect } from '../library/daily.ts';

type Rating = readonly [text: string, low: string, high: string];
type Asked = readonly [text: string, help: string];

export type OwnWords = {
  readonly no: string;
  readonly yes: string;
  readonly noneOfThese: string;
  readonly chooseAll: string;
  readonly limits: readonly [none: string, some: string, care: string];
  readonly daily: {
    readonly title: string;
    readonly instructions: string;
    readonly ratings: Readonly<
      Record<
        'mood' | 'energy' | 'focus' | 'creativity' | 'anxiety' | 'irritability' | 'connectedness' | 'sleepQuality',
        Rating
      >
    >;
    readonly sleepHours: Asked;
    readonly effects: string;
    readonly effectNames: Readonly<Record<SolicitedEffect, string>>;
    /** After the name of an effect and a colon. */
    readonly didItStop: string;
    readonly warningSigns: Asked;
    readonly signs: Readonly<Record<'chestPain' | 'fainting' | 'breathless' | 'voices' | 'racing' | 'unsafe', string>>;
    readonly caffeine: Asked;
    readonly alcohol: Asked;
    readonly otherSubstances: string;
    readonly substances: Readonly<
      Record<
        'none' | 'cannabis' | 'psychedelic' | 'mdma' | 'ketamine' | 'stimulant' | 'opioid' | 'sedative' | 'other',
        string
      >
    >;
    readonly newMedicine: string;
    readonly newMedicineName: string;
    readonly nature: Asked;
    readonly exercise: Asked;
    readonly note: Asked;
  };
  readonly guess: {
    readonly title: string;
    readonly instructions: string;
    readonly capsule: string;
    readonly period: string;
    readonly confidence: Rating;
    readonly cues: Asked;
    readonly active: string;
    readonly placebo: string;
    readonly dontKnow: string;
    readonly cueNames: Readonly<
      Record<
        | 'none'
        | 'mind'
        | 'senses'
        | 'mood'
        | 'energy'
        | 'body'
        | 'sideEffects'
        | 'noEffect'
        | 'capsule'
        | 'told'
        | 'other',
        string
      >
    >;
  };
  /** The daily ratings of the same name stand for mood, energy and creativity. */
  readonly acute: Set<'intensity' | 'focus' | 'temper'>;
  readonly postAcute: Set<'mood' | 'energy' | 'focus' | 'calm' | 'connectedness'>;
  readonly expectancy: Set<
    'expectMood' | 'expectFocus' | 'expectCreativity' | 'expectCalm' | 'expectWellbeing' | 'confidence'
  >;
  readonly event: {
    readonly title: string;
    readonly instructions: string;
    readonly term: Asked;
    readonly onset: string;
    readonly ongoing: string;
    readonly endedOn: string;
    readonly limits: string;
    readonly serious: string;
    readonly seriousWords: Readonly<
      Record<'lifeThreatening' | 'hospital' | 'disability' | 'pregnancy' | 'otherImportant', string>
    >;
    readonly action: string;
    readonly actions: Readonly<
      Record<'none' | 'rest' | 'medicine' | 'skippedCapsule' | 'doctor' | 'emergency', string>
    >;
    readonly note: string;
  };
};

type Set<Id extends string> = {
  readonly title: string;
  readonly instructions: string;
  readonly items: Readonly<Record<Id, Rating>>;
};

/** As the form names it, without its module: words are read apart from the forms. */
const followUpOf = (effect: string): string => `limits${effect.charAt(0).toUpperCase()}${effect.slice(1)}`;

const rating = ([text, low, high]: Rating): ItemText => ({ text, low, high });
const asked = ([text, help]: Asked): ItemText => ({ text, help });
const ratings = (of: Readonly<Record<string, Rating>>): Record<string, ItemText> =>
  Object.fromEntries(Object.entries(of).map(([id, words]) => [id, rating(words)]));

/** Texts by instrument id. */
export function ownTexts(words: OwnWords): Readonly<Record<string, InstrumentTexts>> {
  const { daily, guess, acute, postAcute, expectancy, event, noneOfThese, chooseAll } = words;
  const [none, some, care] = words.limits;
  const limits = { 1: none, 2: some, 3: care };
  const noYes = { no: words.no, yes: words.yes };
  const { sleepQuality, ...dailyRatings } = daily.ratings;
  const guessed = (text: string, forced: boolean): InstrumentTexts => ({
    title: guess.title,
    instructions: guess.instructions,
    items: { guess: { text }, confidence: rating(guess.confidence), cues: asked(guess.cues) },
    options: {
      guess: { active: guess.active, placebo: guess.placebo, ...(forced ? {} : { dontKnow: guess.dontKnow }) },
      cues: guess.cueNames,
    },
  });
  const ratingSet = ({ title, instructions }: { title: string; instructions: string }, of: Record<string, Rating>) => ({
    ...{ title, instructions, options: {} },
    items: ratings(of),
  });
  return {
    'daily-check-in': {
      title: daily.title,
      instructions: daily.instructions,
      items: {
        ...ratings(dailyRatings),
        sleepHours: asked(daily.sleepHours),
        sleepQuality: rating(sleepQuality),
        effects: { text: daily.effects, help: chooseAll },
        ...Object.fromEntries(
          Object.entries(daily.effectNames).map(([effect, name]) => [
            followUpOf(effect),
            `${name}: ${daily.didItStop}`,
          ]),
        ),
        warningSigns: asked(daily.warningSigns),
        caffeine: asked(daily.caffeine),
        alcohol: asked(daily.alcohol),
        otherSubstances: { text: daily.otherSubstances, help: chooseAll },
        newMedicine: daily.newMedicine,
        newMedicineName: daily.newMedicineName,
        nature: asked(daily.nature),
        exercise: asked(daily.exercise),
        note: asked(daily.note),
      },
      options: {
        effects: { none: noneOfThese, ...daily.effectNames },
        limits,
        warningSigns: { none: noneOfThese, ...daily.signs },
        otherSubstances: daily.substances,
        noYes,
      },
    },
    'treatment-guess': guessed(guess.capsule, false),
    'treatment-guess-forced': guessed(guess.capsule, true),
    'treatment-guess-period': guessed(guess.period, false),
    'treatment-guess-period-forced': guessed(guess.period, true),
    'acute-ratings': ratingSet(acute, {
      intensity: acute.items.intensity,
      energy: daily.ratings.energy,
      mood: daily.ratings.mood,
      creativity: daily.ratings.creativity,
      focus: acute.items.focus,
      temper: acute.items.temper,
    }),
    'post-acute': ratingSet(postAcute, { ...postAcute.items, sleepQuality }),
    expectancy: ratingSet(expectancy, expectancy.items),
    'adverse-event': {
      title: event.title,
      instructions: event.instructions,
      items: {
        term: asked(event.term),
        onset: event.onset,
        ongoing: event.ongoing,
        endedOn: event.endedOn,
        limits: event.limits,
        serious: { text: event.serious, help: chooseAll },
        action: { text: event.action, help: chooseAll },
        note: event.note,
      },
      options: { noYes, limits, serious: { none: noneOfThese, ...event.seriousWords }, action: event.actions },
    },
  };
}

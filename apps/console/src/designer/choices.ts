/** What can be chosen: from fixed words, from the document itself, from the instruments. */
import { allInstruments, findInstrument, textsOf } from '@limen/instruments';
import type { Choice } from './fields.tsx';
import { isPlain, listOf, type Path, textOf, valueAt } from './value.ts';

export const choices = (words: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** The items of a list of the document, by their ids. */
export function itemsOf(document: unknown, ...path: Path): Choice[] {
  return listOf(valueAt(document, path)).flatMap((item) => {
    const id = isPlain(item) ? textOf(item.id) : '';
    if (!isPlain(item) || id === '') return [];
    const label = textOf(item.label);
    return [{ value: id, label: label === '' || label === id ? id : `${label} (${id})` }];
  });
}

export const instrumentChoices: readonly Choice[] = allInstruments.map((instrument) => ({
  value: instrument.id,
  label: `${textsOf(instrument, 'en').title} (${instrument.id})`,
}));

/** What an activity measures: the scores and ratings of its instrument. */
export function scoreChoices(document: unknown, activityId: unknown): Choice[] {
  const activity = listOf(valueAt(document, ['activities'])).find((one) => isPlain(one) && one.id === activityId);
  const instrument = isPlain(activity) ? findInstrument(textOf(activity.instrument)) : undefined;
  if (instrument === undefined) return [];
  const { items } = textsOf(instrument, 'en');
  const ratings = instrument.items.filter(({ kind }) => kind === 'rating');
  const wordsOf = (id: string) => {
    const words = items[id];
    return (typeof words === 'string' ? words : words?.text) ?? id;
  };
  return [
    ...instrument.scoring.scores.map(({ id, label }) => ({ value: id, label: `${label} (${id})` })),
    ...ratings.map(({ id }) => ({ value: id, label: `${wordsOf(id)} (${id})` })),
  ];
}

export const settings = choices({ takeHome: 'At home', observed: 'Observed', both: 'At home and observed' });
export const levels = choices({ primary: 'Primary', secondary: 'Secondary', exploratory: 'Exploratory' });
export const teamRoles = choices({
  participant: 'Participant',
  coordinator: 'Coordinator',
  investigator: 'Investigator',
  pharmacist: 'Pharmacist',
  statistician: 'Statistician',
  monitor: 'Monitor',
});

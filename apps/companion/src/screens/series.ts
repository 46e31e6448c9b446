/** A person's own ratings over study days. Capsule days are marked as such and as nothing more. Pure. */
import { findInstrument } from '@limen/instruments';
import { wordsOf } from '../questions/spoken.ts';
import type { History, Today } from '../server/answers.ts';

export type Point = { readonly day: number; readonly date: string; readonly value: number };
export type Series = {
  readonly id: string;
  readonly label: string;
  readonly low: string;
  readonly high: string;
  readonly min: number;
  readonly max: number;
  readonly points: readonly Point[];
  /** Study days on which a capsule was taken. */
  readonly capsuleDays: readonly number[];
};

const fewest = 2;

export function seriesOf(history: History, today: Today): readonly Series[] {
  const scheduled = new Map(today.schedule.map((item) => [item.occurrence, item]));
  const capsuleDays = history
    .filter(({ type }) => type === 'dose.taken')
    .flatMap(({ occurrence }) => scheduled.get(occurrence ?? '')?.studyDay ?? []);
  const found = new Map<string, { series: Omit<Series, 'points'>; points: Point[] }>();
  for (const { type, occurrence, answers } of history) {
    const item = type === 'answers.submitted' ? scheduled.get(occurrence ?? '') : undefined;
    const instrument = findInstrument(item?.instrument ?? '');
    if (item === undefined || instrument === undefined || answers === null) continue;
    const { title, items } = wordsOf(instrument);
    for (const asked of instrument.items) {
      const value = answers[asked.id];
      if (asked.kind !== 'rating' || typeof value !== 'number') continue;
      const id = `${instrument.id}/${asked.id}`;
      const words = items[asked.id];
      const { text, low = '', high = '' } = typeof words === 'object' ? words : { text: words ?? asked.id };
      const label = `${text} (${title})`;
      const one = found.get(id) ?? {
        series: { id, label, low, high, min: asked.min, max: asked.max, capsuleDays },
        points: [],
      };
      one.points.push({ day: item.studyDay, date: item.date, value });
      found.set(id, one);
    }
  }
  return [...found.values()]
    .map(({ series, points }) => ({ ...series, points: points.sort((a, b) => a.day - b.day) }))
    .filter(({ points }) => points.length >= fewest);
}

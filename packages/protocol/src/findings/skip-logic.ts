/** Questions that are shown only when others were answered in a certain way. */
import type { Condition, Instrument } from '@limen/instruments';

function itemsOf(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(itemsOf);
  if ('any' in condition) return condition.any.flatMap(itemsOf);
  return [condition.item];
}

/** Item ids of a circle in which each waits for the next, or `undefined`. */
export function skipCycle({ items }: Pick<Instrument, 'items'>): string[] | undefined {
  const waitsFor = new Map(items.map(({ id, showWhen }) => [id, showWhen === undefined ? [] : itemsOf(showWhen)]));
  const clear = new Set<string>();
  const search = (id: string, trail: readonly string[]): string[] | undefined => {
    const seen = trail.indexOf(id);
    if (seen !== -1) return trail.slice(seen);
    if (clear.has(id)) return undefined;
    for (const next of waitsFor.get(id) ?? []) {
      const cycle = search(next, [...trail, id]);
      if (cycle !== undefined) return cycle;
    }
    clear.add(id);
    return undefined;
  };
  for (const { id } of items) {
    const cycle = search(id, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

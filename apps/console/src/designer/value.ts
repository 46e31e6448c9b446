/** A document that may be broken, as plain JSON: read and changed by path. */

export type Path = readonly (string | number)[];
export type Plain = Readonly<Record<string, unknown>>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isPlain(value) && typeof step === 'string' && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** A copy with one value set; undefined takes the field away. What is missing on the way is made. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = [...listOf(root)];
    if (value === undefined && rest.length === 0) list.splice(step, 1);
    else list[step] = withValue(list[step], rest, value);
    return list;
  }
  const { [step]: before, ...others } = isPlain(root) ? root : {};
  if (value === undefined && rest.length === 0) return others;
  // The order of the fields stays as it was written.
  return { ...(isPlain(root) ? root : {}), [step]: withValue(before, rest, value) };
}

/** Whether a written path is the other one or lies below it. */
export function isWithin(path: string, above: string): boolean {
  return above === '' || path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

/** An id that no item of the list has. */
export function freeId(noun: string, items: readonly unknown[]): string {
  const taken = new Set(items.map((item) => (isPlain(item) ? item.id : undefined)));
  for (let n = items.length + 1; ; n += 1) if (!taken.has(`${noun}-${n}`)) return `${noun}-${n}`;
}

/** The steps of a written path: `activities[2].window` is `['activities', 2, 'window']`. */
export function stepsOf(written: string): Path {
  return [...written.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(`"${quoted}"`) as string) : (name ?? ''),
  );
}

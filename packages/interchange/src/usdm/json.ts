/** JSON that nobody vouches for, read step by step; what is not there is `undefined`, never a fault. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };
export type Place = readonly (string | number)[];
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function at(value: unknown, ...steps: Place): unknown {
  let found = value;
  for (const step of steps) {
    if (Array.isArray(found) && typeof step === 'number') found = found[step];
    else if (isFields(found) && typeof step === 'string' && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  return found;
}

export const textAt = (value: unknown, ...steps: Place): string | undefined => {
  const found = at(value, ...steps);
  return typeof found === 'string' ? found : undefined;
};
export const listAt = (value: unknown, ...steps: Place): readonly unknown[] => {
  const found = at(value, ...steps);
  return Array.isArray(found) ? found : [];
};

export type Held = { readonly path: Place; readonly value: Json };

/** Where `whole` says more than `part`, or something else, with what it says. Lists of another length count as one. */
export function remainder(whole: unknown, part: unknown, path: Place = []): Held[] {
  if (isFields(whole) && isFields(part)) {
    return Object.keys(whole).flatMap((field) => remainder(whole[field], part[field], [...path, field]));
  }
  if (Array.isArray(whole) && Array.isArray(part) && whole.length === part.length) {
    return whole.flatMap((item, index) => remainder(item, part[index], [...path, index]));
  }
  return whole === undefined || JSON.stringify(whole) === JSON.stringify(part) ? [] : [{ path, value: whole as Json }];
}

/** A copy with one value set; lists and objects on the way are made. */
export function withValue(root: unknown, [step, ...rest]: Place, value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(root) ? [...root] : [];
    list[step] = withValue(list[step], rest, value);
    return list;
  }
  const fields = isFields(root) ? root : {};
  return { ...fields, [step]: withValue(Object.hasOwn(fields, step) ? fields[step] : undefined, rest, value) };
}

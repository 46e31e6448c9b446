/**
 * Counts what is compared: fits, data sets and numbers of every reference that a model is held against, as the table of
 * `README.md`.
 *
 *     node validation/count.ts
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Sets = readonly { readonly [key: string]: Json }[];

export type Counted = {
  readonly reference: string;
  readonly what: string;
  readonly sets: number;
  readonly fits: number;
  readonly numbers: number;
};

const folder = join(import.meta.dirname, 'references');

/** What a reference holds, how its data sets and fits are found, and under which names its results stand. */
const readers: Readonly<
  Record<string, { what: string; sets(json: Json): Sets; fits(set: Sets[number]): readonly Json[] }>
> = {
  'mixed-models.json': {
    what: 'linear mixed models: lme4, lmerTest, pbkrtest',
    sets: (json) => under(json, 'sets'),
    fits: (set) => set.models as readonly Json[],
  },
  'mmrm.json': {
    what: 'repeated measures: nlme, full-matrix formulas in R',
    sets: (json) => under(json, 'sets'),
    fits: (set) => set.fits as readonly Json[],
  },
  'marginal-means.json': {
    what: 'means and comparisons: emmeans on lm, lmer, gls',
    sets: (json) => [json as Sets[number]],
    fits: (set) => (set.fits as Sets).flatMap((fit) => fit.cases as readonly Json[]),
  },
  'nist-regression.json': {
    what: 'linear regression: values certified by NIST',
    sets: (json) => under(json, 'sets'),
    fits: (set) => [{ estimate: set.estimate ?? null, error: set.error ?? null }],
  },
  'generalised.json': {
    what: 'generalised models: glm, lme4, ordinal; estimating equations: geepack',
    sets: (json) => distinct([...under(json, 'models'), ...under(json, 'gee')]),
    fits: (set) =>
      [...under(read('generalised.json'), 'models'), ...under(read('generalised.json'), 'gee')].filter((one) =>
        same(one.data, set.data),
      ),
  },
  'one-person.json': {
    what: 'slopes with autocorrelated errors: nlme',
    sets: (json) => (json as Sets).filter(({ method }) => method === 'REML'),
    fits: (set) =>
      (read('one-person.json') as Sets).filter(({ name }) => name === set.name).map(({ t: _, y: __, ...fit }) => fit),
  },
  'blinding.json': {
    what: 'thresholds of detection: glm and glmer, Fieller, profile likelihood',
    sets: (json) => json as Sets,
    fits: ({ threshold = null, fieller = null, profile = null }) => [{ threshold, fieller, profile }],
  },
  'trial-methods.json': {
    what: 'linear models: lm',
    sets: (json) => distinct(under(json, 'linear')),
    fits: (set) => under(read('trial-methods.json'), 'linear').filter((one) => same(one.data, set.data)),
  },
};

function under(json: Json, name: string): Sets {
  return (json as { readonly [key: string]: Json })[name] as Sets;
}

function distinct(all: Sets): Sets {
  return all.filter((one, at) => all.findIndex((other) => same(other.data, one.data)) === at);
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function read(file: string): Json {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
}

function numbersIn(json: Json, name = ''): number {
  if (name === 'data') return 0;
  if (typeof json === 'number') return 1;
  if (Array.isArray(json)) return json.reduce((sum: number, one: Json) => sum + numbersIn(one), 0);
  if (json === null || typeof json !== 'object') return 0;
  return Object.entries(json).reduce((sum, [key, one]) => sum + numbersIn(one as Json, key), 0);
}

export function counted(): Counted[] {
  const here = new Set(readdirSync(folder));
  return Object.entries(readers).flatMap(([reference, { what, sets, fits }]) => {
    if (!here.has(reference)) return [];
    const own = sets(read(reference));
    const all = own.flatMap((set) => [...fits(set)]);
    return {
      reference,
      what,
      sets: own.length,
      fits: all.length,
      numbers: all.reduce((sum: number, fit) => sum + numbersIn(fit), 0),
    };
  });
}

export function table(rows: readonly Counted[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const sum = (of: (row: Counted) => number) => rows.reduce((total, row) => total + of(row), 0);
  return [
    line(['reference', 'compared with', 'data sets', 'fits', 'numbers']),
    line(['---', '---', '---:', '---:', '---:']),
    ...rows.map(({ reference, what, sets, fits, numbers }) => line([`\`${reference}\``, what, sets, fits, numbers])),
    line(['all', '', sum(({ sets }) => sets), sum(({ fits }) => fits), sum(({ numbers }) => numbers)]),
  ].join('\n');
}

if (import.meta.main) process.stdout.write(`${table(counted())}\n`);

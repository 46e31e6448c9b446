/**
 * The forms a substance comes in: base, salts, prodrugs, and natural material.
 * A form with an `exact` relation has a molar factor; natural material has only a published range of contents,
 * so a weight of it is never a dose until the batch has been assayed.
 */
import { type Fact, fact, type Interval } from './fact.ts';

/** Molar masses, g/mol. */
export const molarMass = {
  lsd: 323.43,
  tartaricAcid: 150.087,
  propionylLsd: 379.504,
  acetylLsd: 365.477,
  psilocybin: 284.25,
  psilocin: 204.27,
  mescaline: 211.26,
  hydrochloricAcid: 36.461,
  dmt: 188.274,
  fumaricAcid: 116.072,
} as const;

const tartrate11 = molarMass.lsd / (molarMass.lsd + molarMass.tartaricAcid);
const tartrate21 = (2 * molarMass.lsd) / (2 * molarMass.lsd + molarMass.tartaricAcid);
const molar = 'Ratio of molar masses';
const itself = fact(1, 'computed', 'The reference itself');

/** Molecules of base to molecules of acid. */
export type Salt = { readonly acid: string; readonly baseToAcid: readonly [base: number, acid: number] };

type Exact = {
  readonly relation: 'exact';
  /** Null for a base, and for a prodrug, which is no salt. */
  readonly salt: Salt | null;
  /** Mass of the base form in one unit mass of this form. */
  readonly baseFactor: Fact<number>;
};
type Natural = {
  readonly relation: 'range';
  /** Null where several are sold under one name: a batch must then say which. */
  readonly species: string | null;
  /** What `content` is a mass of. */
  readonly analyte: 'psilocybin';
  /** mg of analyte per g of material. */
  readonly content: Fact<Interval>;
};
type FormShape = { readonly label: string; readonly substance: string; readonly base: string } & (Exact | Natural);

const exact = <const S extends string, const B extends string>(
  label: string,
  substance: S,
  base: B,
  baseFactor: Fact<number>,
  salt: Salt | null = null,
) => ({ label, substance, base, relation: 'exact', baseFactor, salt }) as const;

const natural = (label: string, species: string | null, content: Fact<Interval>) => {
  const form = { label, substance: 'psilocybin', base: 'psilocin', relation: 'range', analyte: 'psilocybin' } as const;
  return { ...form, species, content };
};

const saltOf = (acid: string, base: number, acids: number): Salt => ({ acid, baseToAcid: [base, acids] });

export const forms = {
  'lsd-base': exact('LSD base', 'lsd', 'lsd-base', itself),
  'lsd-tartrate-1-1': exact(
    'LSD tartrate (1:1)',
    'lsd',
    'lsd-base',
    fact(tartrate11, 'found', `${molar}; 0.146 mg of the 1:1 tartrate holds 0.1 mg base in published trial methods`),
    saltOf('tartaric acid', 1, 1),
  ),
  'lsd-hemitartrate-2-1': exact(
    'LSD hemitartrate (2:1)',
    'lsd',
    'lsd-base',
    fact(tartrate21, 'computed', `${molar}, two molecules of base to one of tartaric acid`),
    saltOf('tartaric acid', 2, 1),
  ),
  '1p-lsd': exact(
    '1P-LSD',
    'lsd',
    'lsd-base',
    fact(molarMass.lsd / molarMass.propionylLsd, 'memory', `${molar}, assuming complete conversion to LSD in the body`),
  ),
  'ald-52': exact(
    'ALD-52',
    'lsd',
    'lsd-base',
    fact(molarMass.lsd / molarMass.acetylLsd, 'memory', `${molar}, assuming complete conversion to LSD in the body`),
  ),
  'al-lad': exact('AL-LAD', 'al-lad', 'al-lad', itself),
  psilocybin: exact(
    'psilocybin',
    'psilocybin',
    'psilocin',
    fact(molarMass.psilocin / molarMass.psilocybin, 'computed', `${molar}: 204.27 / 284.25`),
  ),
  psilocin: exact('psilocin', 'psilocybin', 'psilocin', itself),
  'dried-psilocybe-cubensis': natural(
    'dried P. cubensis',
    'Psilocybe cubensis',
    fact(
      { lower: 3, upper: 14 },
      'memory',
      'Span of published contents, 0.3-1.4 % of dry weight; five strains measured by one laboratory had means of 0.879-1.36 % (found). Bigwood & Beug 1982 report four-fold differences between flushes and more than ten-fold between suppliers; the 0.5 g of Cavanna 2022 held about 0.8 mg, less than this span: it is what is usual, not a bound',
    ),
  ),
  'dried-psilocybe-semilanceata': natural(
    'dried P. semilanceata',
    'Psilocybe semilanceata',
    fact({ lower: 5, upper: 15 }, 'memory', 'Reviews of Psilocybe contents: about 1 % of dry weight, wide spread'),
  ),
  'dried-truffle': natural(
    'dried truffle (sclerotia)',
    null,
    fact(
      { lower: 1, upper: 7 },
      'memory',
      'Reviews of P. mexicana and P. tampanensis sclerotia: 0.1-0.7 % of dry weight',
    ),
  ),
  'fresh-truffle': natural(
    'fresh truffle (sclerotia)',
    null,
    fact({ lower: 0.3, upper: 2.3 }, 'memory', 'Dry-weight range of sclerotia at about one third dry matter'),
  ),
  'mescaline-base': exact('mescaline base', 'mescaline', 'mescaline-base', itself),
  'mescaline-hcl': exact(
    'mescaline hydrochloride',
    'mescaline',
    'mescaline-base',
    fact(molarMass.mescaline / (molarMass.mescaline + molarMass.hydrochloricAcid), 'computed', `${molar}, 1:1 salt`),
    saltOf('hydrochloric acid', 1, 1),
  ),
  'dmt-base': exact('DMT base', 'dmt', 'dmt-base', itself),
  'dmt-fumarate': exact(
    'DMT fumarate (1:1)',
    'dmt',
    'dmt-base',
    fact(molarMass.dmt / (molarMass.dmt + molarMass.fumaricAcid), 'computed', `${molar}, 1:1 salt`),
    saltOf('fumaric acid', 1, 1),
  ),
} as const satisfies Readonly<Record<string, FormShape>>;

export type FormId = keyof typeof forms;
/** The form every exact relative of `F` is reported in: `lsd-base` for all LSD salts, `psilocin` for psilocybin. */
export type BaseOf<F extends FormId> = (typeof forms)[F]['base'];
export type SubstanceOf<F extends FormId> = (typeof forms)[F]['substance'];
export type NaturalForm = { [F in FormId]: (typeof forms)[F]['relation'] extends 'range' ? F : never }[FormId];

export const formIds = Object.keys(forms) as readonly FormId[];

export const isFormId = (value: string): value is FormId => Object.hasOwn(forms, value);

/** What is published about each substance's doses. Every number carries its source and how far it was checked. */
import { type Fact, fact, type Interval } from './fact.ts';
import type { FormId } from './forms.ts';
import type { Unit } from './quantity.ts';

export type Substance = {
  readonly id: string;
  readonly label: string;
  /** All doses below are masses of this form, in `unit`. */
  readonly referenceForm: FormId;
  readonly unit: Unit;
  readonly route: string;
  /** A dose with full effects. `fixed`: the dose trials standardised on; the window is then taken from it alone. */
  readonly fullDose: Fact<Interval & { readonly fixed?: number }>;
  /** Doses that trials or, where none exists, practice reports have called micro-doses. */
  readonly publishedMicrodose: Fact<Interval>;
  /** Smallest dose with clear subjective effects in a controlled trial. */
  readonly firstPerceptible: Fact<number> | null;
  /** Dose from which people have guessed above chance, or blinding was reported broken. */
  readonly blindingThreshold: Fact<number> | null;
  readonly durationHours: Fact<Interval> | null;
  /** Activity at the receptor behind drug-induced valve disease. */
  readonly valveRisk: Fact<string>;
  readonly drugTests: Fact<string>;
  /** Shows tolerance to one another within days. */
  readonly crossTolerance: readonly string[];
};

const valve = fact(
  'Binds 5-HT2B at least as strongly as 5-HT2A and is a partial agonist there; the risk of long use is not excluded.',
  'found',
  'Tagen 2023; Rouaud 2024',
);
const panel = fact(
  'Not on standard workplace panels; specialised assays exist. Do not rely on either.',
  'memory',
  'General knowledge of immunoassay panels',
);
const like = (what: string) => `Taken as ${what}; no controlled dose-finding study is known to us`;

export const substances = {
  lsd: {
    id: 'lsd',
    label: 'LSD',
    referenceForm: 'lsd-base',
    unit: 'µg',
    route: 'oral',
    fullDose: fact({ lower: 100, upper: 200 }, 'found', 'Holze 2021 and earlier Basel dose studies'),
    publishedMicrodose: fact({ lower: 5, upper: 20 }, 'found', 'Hutten 2020; Family 2020; Murphy 2024; LSDDEP1'),
    firstPerceptible: fact(25, 'found', 'Holze 2021: first clear subjective effects at 25 µg base'),
    blindingThreshold: fact(12, 'found', 'Self-blinding study: guesses beat chance from about 12 µg'),
    durationHours: fact({ lower: 6.5, upper: 10.5 }, 'found', 'Holze 2019: 8.5 h, SD 2.0, after 100 µg'),
    valveRisk: valve,
    drugTests: panel,
    crossTolerance: ['psilocybin', 'mescaline', 'al-lad'],
  },
  'al-lad': {
    id: 'al-lad',
    label: 'AL-LAD',
    referenceForm: 'al-lad',
    unit: 'µg',
    route: 'oral',
    fullDose: fact({ lower: 100, upper: 200 }, 'memory', like('LSD')),
    publishedMicrodose: fact({ lower: 5, upper: 20 }, 'memory', like('LSD')),
    firstPerceptible: null,
    blindingThreshold: null,
    durationHours: null,
    valveRisk: fact('Not studied; assume the activity of LSD.', 'memory', like('LSD')),
    drugTests: panel,
    crossTolerance: ['lsd', 'psilocybin', 'mescaline'],
  },
  psilocybin: {
    id: 'psilocybin',
    label: 'psilocybin',
    referenceForm: 'psilocybin',
    unit: 'mg',
    route: 'oral',
    fullDose: fact({ lower: 20, upper: 30, fixed: 25 }, 'found', '25 mg fixed dose, close to 0.3 mg/kg; Holze 2023'),
    publishedMicrodose: fact(
      { lower: 0.5, upper: 3 },
      'found',
      'Cavanna 2022 (~0.8 mg); Marschall 2022 (~1.5 mg); home-safety dose steps from 1.2 mg',
    ),
    firstPerceptible: null,
    blindingThreshold: fact(1.5, 'found', 'Marschall 2022: blinding broke in the second block at about 1.5 mg'),
    durationHours: fact({ lower: 5.5, upper: 6.4 }, 'found', 'Holze 2023: 5.6, 5.5 and 6.4 h after 15, 25 and 30 mg'),
    valveRisk: valve,
    drugTests: panel,
    crossTolerance: ['lsd', 'al-lad', 'mescaline'],
  },
  mescaline: {
    id: 'mescaline',
    label: 'mescaline',
    referenceForm: 'mescaline-hcl',
    unit: 'mg',
    route: 'oral',
    fullDose: fact({ lower: 300, upper: 500 }, 'found', 'Ley 2023'),
    publishedMicrodose: fact(
      { lower: 15, upper: 50 },
      'memory',
      'Practice reports; one twentieth to one tenth of a full dose',
    ),
    firstPerceptible: null,
    blindingThreshold: null,
    durationHours: fact({ lower: 11.1, upper: 11.1 }, 'found', 'Ley 2023: mean 11.1 h'),
    valveRisk: fact(
      'Activity at 5-HT2B could not be assessed from the published data.',
      'found',
      'Tagen 2023; Rouaud 2024',
    ),
    drugTests: panel,
    crossTolerance: ['lsd', 'al-lad', 'psilocybin'],
  },
  dmt: {
    id: 'dmt',
    label: 'DMT',
    referenceForm: 'dmt-base',
    unit: 'mg',
    route: 'vaporised; inactive by mouth without an MAO inhibitor',
    fullDose: fact({ lower: 30, upper: 60 }, 'memory', 'Practice reports'),
    publishedMicrodose: fact({ lower: 1, upper: 6 }, 'memory', 'Practice reports'),
    firstPerceptible: null,
    blindingThreshold: null,
    durationHours: null,
    valveRisk: valve,
    drugTests: panel,
    crossTolerance: [],
  },
} as const satisfies Readonly<Record<string, Substance>>;

export type SubstanceId = keyof typeof substances;

export const substanceIds = Object.keys(substances) as readonly SubstanceId[];

export const isSubstanceId = (value: string): value is SubstanceId => Object.hasOwn(substances, value);

/** Practice states these two by weight of material, so their window is in grams of it. */
export const fullDoseByWeight = {
  'dried-psilocybe-cubensis': fact({ lower: 2.5, upper: 3.5 }, 'memory', 'Practice reports, grams of dried mushroom'),
  'fresh-truffle': fact({ lower: 10, upper: 15 }, 'memory', 'Practice reports, grams of fresh sclerotia'),
} as const satisfies Partial<Record<FormId, Fact<Interval>>>;

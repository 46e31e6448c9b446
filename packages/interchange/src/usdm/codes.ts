/**
 * Codes of CDISC controlled terminology that the mapping uses, by our own names. A value the terminology has no term for,
 * or whose term we are not sure of, gets a code of our own system, so that nobody takes it for CDISC's.
 */
import type { Json } from './json.ts';

const cdisc = { codeSystem: 'http://www.cdisc.org', codeSystemVersion: '2024-09-27' };
const own = { codeSystem: 'urn:limen:codes', codeSystemVersion: '1' };

type Term = readonly [code: string, decode: string];

export const terms = {
  studyType: { interventional: ['C98388', 'Interventional Study'] },
  title: { official: ['C207616', 'Official Study Title'], short: ['C207615', 'Brief Study Title'] },
  objective: {
    primary: ['C85826', 'Primary Objective'],
    secondary: ['C85827', 'Secondary Objective'],
    exploratory: ['C163559', 'Exploratory Objective'],
  },
  endpoint: {
    primary: ['C94496', 'Primary Endpoint'],
    secondary: ['C139173', 'Secondary Endpoint'],
    exploratory: ['C170559', 'Exploratory Endpoint'],
  },
  criterion: { inclusion: ['C25532', 'Inclusion Criteria'], exclusion: ['C25370', 'Exclusion Criteria'] },
  arm: {
    active: ['C174266', 'Investigational Arm'],
    placebo: ['C174268', 'Placebo Control Arm'],
  },
  epoch: {
    runIn: ['C98779', 'Run-in Period'],
    baseline: ['C125938', 'Baseline Epoch'],
    dosing: ['C101526', 'Treatment Epoch'],
    washout: ['C42872', 'Washout Period'],
    followUp: ['C99158', 'Clinical Study Follow-up'],
  },
  model: {
    parallel: ['C82639', 'Parallel Study'],
    crossover: ['C82637', 'Crossover Study'],
    single: ['C82640', 'Single Group Study'],
  },
  blinding: { double: ['C15228', 'Double Blind Study'], open: ['C49659', 'Open Label Study'] },
  interventionRole: { active: ['C41161', 'Experimental Intervention'], placebo: ['C753', 'Placebo'] },
  interventionType: { drug: ['C1909', 'Pharmacologic Substance'] },
  dataOrigin: { withinStudy: ['C188866', 'Data Generated Within Study'] },
  timing: { fixed: ['C201358', 'Fixed Reference'], after: ['C201356', 'After'] },
  relative: { startToStart: ['C201355', 'Start to Start'] },
  organization: { sponsor: ['C54149', 'Pharmaceutical Company'], registry: ['C93453', 'Study Registry'] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Term>>>>;

type List = keyof typeof terms;

/** A `Code` of a list; `id` is the id of the object it belongs to. */
export function codeOf(list: List, name: string, id: string): Json {
  const known: Readonly<Record<string, Term>> = terms[list];
  const term = known[name];
  const [code, decode] = term ?? [name, name];
  return { id: `${id}-${list}`, ...(term === undefined ? own : cdisc), code, decode, instanceType: 'Code' };
}

/** A code of our own system. */
export function ownCode(name: string, id: string): Json {
  return { id, ...own, code: name, decode: name, instanceType: 'Code' };
}

/** Our name of a `Code` in a list, or `undefined`. */
export function nameOf(list: List, code: unknown): string | undefined {
  const known: Readonly<Record<string, Term>> = terms[list];
  return Object.keys(known).find((name) => known[name]?.[0] === code);
}

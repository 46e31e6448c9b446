/** Scenarios, drawn from a seed: a design, a number of people, and the order of everything that happens. */
import { readdirSync, readFileSync } from 'node:fs';
import { findings, parseProtocol } from '@limen/protocol';
import { commitment, type Procedure, RandomizationError } from '@limen/randomization';
import { philox, type Random } from '@limen/statistics';
import type { ActName } from './acts.ts';
import type { Draws } from './draws.ts';

export type Design = {
  readonly library: string;
  /** null: the document's own. */
  readonly procedure: Procedure | null;
  readonly bySite: boolean;
  readonly sites: number;
};

export type Step = {
  readonly act: ActName;
  readonly who: number;
  /** Time that passes before it. */
  readonly minutes: number;
};

export const twins = ['swap', 'partition', 'single', 'extreme', 'declassify', 'failure'] as const;
export type Twin = (typeof twins)[number];

export type Scenario = {
  readonly seed: string;
  readonly twin: Twin;
  readonly design: Design;
  readonly people: number;
  readonly startsAt: string;
  readonly language: string;
  /** Whether every page and filter is tried as everybody; otherwise one of each, and as the first and last participant. */
  readonly thorough: boolean;
  readonly steps: readonly Step[];
  /** The two allocations. */
  readonly draws: readonly [Draws, Draws];
};

const folder = new URL('../../protocols/', import.meta.url);
/** Every document of the library that compares something: of one arm there is nothing to hide. */
export const library: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
  .map((name) => name.slice(0, -5))
  .filter((id) => (read(id) as { arms: unknown[] }).arms.length > 1)
  .sort();

function read(id: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${id}.json`, folder), 'utf8')) as Record<string, unknown>;
}

/** The document of a design: that of the library, with its way of randomising. */
export function textOf({ library: id, procedure, bySite }: Design): string {
  const document = read(id);
  const own = document.randomisation as Record<string, unknown>;
  const randomisation = { ...own, ...(procedure ? { procedure } : {}), stratifyBy: bySite ? ['site'] : [] };
  return JSON.stringify({ ...document, randomisation });
}

export const siteIds = (sites: number): string[] => Array.from({ length: sites }, (_, index) => `site-${index + 1}`);

/** `index` decides the twin, so that every kind comes up equally often. */
export function generate(seed: string, index: number): Scenario {
  const random = philox(`twin scenario ${seed}`);
  const design = designFrom(random);
  const twin = twins[index % twins.length] as Twin;
  const people = random.integer(3, 5);
  const start = Date.parse('2027-02-01T07:00:00.000Z') + random.integer(0, 300) * 86_400_000;
  return {
    seed,
    twin,
    design,
    people,
    startsAt: new Date(start + random.integer(0, 8 * 60) * 60_000).toISOString(),
    language: random.choice(['en', 'nl', 'de', 'fr-CH, fr;q=0.9', 'ja']),
    thorough: false,
    steps: stepsFrom(random, twin, people, packsOneself(design)),
    draws: drawsOf(twin, seed, random),
  };
}

export function drawsOf(twin: Twin, seed: string, random: Random): readonly [Draws, Draws] {
  const from = `${seed} one`;
  const kind = twin === 'failure' ? random.choice(['swap', 'partition', 'single'] as const) : twin;
  switch (kind) {
    case 'swap':
      return [{ from }, { from, swapped: true }];
    case 'partition':
      return [{ from }, { from: `${seed} other` }];
    case 'extreme':
      return [
        { from, all: 'first' },
        { from, all: 'last' },
      ];
    default:
      return [{ from }, { from, single: random.integer(0, 1) }];
  }
}

function designFrom(random: Random): Design {
  const id = random.choice(library);
  const sites = random.integer(1, 3);
  const bySite = sites > 1 && random.bernoulli(0.6);
  const own: Design = { library: id, procedure: null, bySite: false, sites };
  for (const procedure of random.shuffle(procedures)) {
    const design = { ...own, procedure, bySite };
    if (isSound(design)) return random.bernoulli(0.2) ? own : design;
  }
  return own;
}

const procedures: readonly Procedure[] = [
  { kind: 'complete' },
  { kind: 'permutedBlocks', sizes: [2, 4] },
  { kind: 'permutedBlocks', sizes: [8] },
  { kind: 'permutedBlocks', sizes: [6] },
  { kind: 'bigStick', tolerance: 1 },
  { kind: 'bigStick', tolerance: 3 },
  { kind: 'biasedCoin', favour: 2, against: 1 },
  { kind: 'urn', initial: 0, added: 1 },
  { kind: 'urn', initial: 2, added: 1 },
  { kind: 'blockUrn', blocks: 2 },
  { kind: 'maximal', tolerance: 2, size: 12 },
];

/** A document that the server takes, and a procedure that its arms can be drawn by. */
function isSound(design: Design): boolean {
  const parsed = parseProtocol(textOf(design));
  if (!parsed.ok || findings(parsed.protocol).some(({ severity }) => severity === 'error')) return false;
  const { arms, randomisation } = parsed.protocol;
  const fixed = arms.every(({ content }) => content.kind !== 'drawn');
  try {
    commitment({
      studyId: 'any',
      protocolHash: '0'.repeat(64),
      arms: arms.map(({ id, weight }) => ({ id, weight })),
      procedure: randomisation.procedure as Procedure,
      seed: new Uint8Array(32),
    });
  } catch (error) {
    if (error instanceof RandomizationError) return false;
    throw error;
  }
  return fixed;
}

const enrolment: readonly ActName[] = ['invite', 'join', 'screen', 'consent', 'confirm', 'randomise', 'dispense'];
/** Too early, twice, wrong, or by the wrong person. */
const slips: readonly ActName[] = [
  'randomise',
  'dispense',
  'dispenseAnother',
  'consentToOldVersion',
  'consentWithoutUnderstanding',
  'screen',
  'confirm',
  'invite',
  'diary',
  'nonsense',
];
export const failures: readonly ActName[] = [
  'randomiseWithVaultDown',
  'randomiseWithVaultSlow',
  'randomiseRefused',
  'randomiseOutOfKits',
  'randomiseUnanswered',
  'randomiseOnFullVault',
  'randomiseOnFullDisk',
  'randomiseOnStoppedDatabase',
];
const events: readonly ActName[] = [
  ...(['mildEvent', 'severeEvent', 'seriousEvent', 'assess', 'assess', 'hold', 'resume', 'resume'] as const),
  ...(['withdrawFromDosing', 'withdrawFromStudy', 'withdrawFromFutureUse', 'complete'] as const),
  ...(['secondDevice', 'renewCode', 'correct', 'correct', 'nonsense', 'peek', 'wrongPassword', 'stepUp'] as const),
  ...(['loseKit', 'replaceKit', 'replaceKit', 'returnKit', 'handleSupply'] as const),
  ...(['acknowledge', 'takeCheckpoint', 'amend', 'draft'] as const),
];

const packsOneself = ({ library: id }: Design): boolean => id.startsWith('self-blinding');

function stepsFrom(random: Random, twin: Twin, people: number, packs: boolean): Step[] {
  const plans = Array.from({ length: people }, (_, who) => planOf(random, twin, who, packs));
  const steps: Step[] = [];
  while (plans.some((plan) => plan.length > 0)) {
    const open = plans.flatMap((plan, who) => (plan.length > 0 ? [who] : []));
    const who = random.choice(open);
    const act = plans[who]?.shift();
    if (act !== undefined) steps.push({ act, who, minutes: random.integer(1, 90) });
    if (random.bernoulli(0.12)) steps.push({ act: random.choice(events), who, minutes: random.integer(1, 600) });
  }
  const last = (act: ActName, who: number) => steps.push({ act, who, minutes: 5 });
  if (twin === 'declassify') for (let who = 0; who < people; who += 1) last('breakCode', who);
  if (twin === 'declassify') last('diary', 0);
  if (random.bernoulli(0.25)) {
    last('lock', 0);
    last('diary', 0);
    last('approveOnce', 0);
  }
  return steps;
}

/** The first two people get as far as a kit, so that there is something to hide. */
function planOf(random: Random, twin: Twin, who: number, packs: boolean): ActName[] {
  const plan: ActName[] = [];
  for (const act of enrolment) {
    if (random.bernoulli(0.07) && act !== 'invite') plan.push(random.choice(slips));
    if (act === 'randomise' && twin === 'failure') plan.push(random.choice(failures));
    plan.push(act);
    if (who > 1 && random.bernoulli(0.05)) return plan;
  }
  if (packs) plan.push('pack', 'openEnvelopes');
  if (random.bernoulli(0.4)) plan.push('untilDose');
  const entries = random.integer(1, 6);
  for (let entry = 0; entry < entries; entry += 1) plan.push('diary');
  return plan;
}

/** The released allocation: read strictly, joined to the tables, drawn again from the seed. */
import { type ProtocolDocument, plannedIntervention } from '@limen/protocol';
import {
  type Allocation,
  type AllocationVerification,
  type Arm,
  type CommittedDesign,
  commitment,
  envelopesOf,
  type Participant,
  type Procedure,
  type RecordedAllocation,
  redraw,
  verifyAllocations,
} from '@limen/randomization';
import { heldBy, isAsPlanned, type ReleasedEnvelope } from './envelopes.ts';
import { AnalysisError } from './errors.ts';
import { isRecord } from './study-events.ts';
import type { DerivedTables } from './tables.ts';

export type ReleasedAllocation = Participant & {
  readonly participantId: string;
  readonly stratum: string;
  readonly step: number;
  readonly arm: string;
  /** Intervention ids by dose number, the first capsule first. */
  readonly contents: readonly string[];
  readonly sequence?: Allocation['sequence'];
  readonly periods?: Allocation['periods'];
  /** Of somebody who packed the own capsules: every envelope, those of the weeks first. */
  readonly envelopes?: readonly ReleasedEnvelope[];
};

export type Release = {
  readonly studyId: string | null;
  readonly protocolHash: string | null;
  /** 64 hexadecimal digits. */
  readonly seed: string;
  readonly commitment: string;
  readonly procedure: Procedure;
  readonly arms: readonly Arm[];
  readonly allocations: readonly ReleasedAllocation[];
};

/** @throws AnalysisError `release_malformed`, with the field */
export function readRelease(released: unknown): Release {
  if (!isRecord(released)) return malformed('not an object');
  const { seed, commitment: committed, procedure, arms, allocations: list } = released;
  if (typeof seed !== 'string' || !/^[0-9a-fA-F]{64}$/.test(seed)) return malformed('seed: 64 hexadecimal digits');
  if (typeof committed !== 'string') return malformed('commitment');
  if (!isRecord(procedure) || typeof procedure.kind !== 'string') return malformed('procedure');
  if (!Array.isArray(arms)) return malformed('arms');
  if (!Array.isArray(list)) return malformed('allocations');
  return {
    studyId: typeof released.studyId === 'string' ? released.studyId : null,
    protocolHash: typeof released.protocolHash === 'string' ? released.protocolHash : null,
    seed: seed.toLowerCase(),
    commitment: committed,
    procedure: procedure as Procedure,
    arms: arms.map(readArm),
    allocations: list.map(readAllocation),
  };
}

function malformed(detail: string): never {
  throw new AnalysisError('release_malformed', detail);
}

function readArm(arm: unknown): Arm {
  if (!isRecord(arm) || typeof arm.id !== 'string') return malformed('arms: id');
  return { id: arm.id, weight: typeof arm.weight === 'number' ? arm.weight : 1 };
}

function readAllocation(allocation: unknown, index: number): ReleasedAllocation {
  const at = `allocations[${index}]`;
  if (!isRecord(allocation)) return malformed(at);
  const { participantId, stratum, step, arm, contents, sequence, envelopes, periods, levels, household } = allocation;
  if (typeof participantId !== 'string') return malformed(`${at}.participantId`);
  if (typeof stratum !== 'string') return malformed(`${at}.stratum`);
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0) return malformed(`${at}.step`);
  if (typeof arm !== 'string') return malformed(`${at}.arm`);
  if (!Array.isArray(contents) || contents.some((content) => typeof content !== 'string')) {
    return malformed(`${at}.contents`);
  }
  const drawn = {
    ...(Array.isArray(sequence) ? { sequence: sequence as NonNullable<Allocation['sequence']> } : {}),
    ...(Array.isArray(periods) ? { periods: periods as readonly number[] } : {}),
    ...(isRecord(levels) ? { levels: levels as Readonly<Record<string, string>> } : {}),
    ...(typeof household === 'string' ? { household } : {}),
  };
  const own = Array.isArray(envelopes) ? { envelopes: envelopes.map((one) => readEnvelope(one, at)) } : {};
  return { participantId, stratum, step, arm, contents: contents as string[], ...drawn, ...own };
}

function readEnvelope(envelope: unknown, at: string): ReleasedEnvelope {
  if (!isRecord(envelope)) return malformed(`${at}.envelopes`);
  const { token, week, contents } = envelope;
  const known = typeof token === 'string' && (week === null || typeof week === 'number') && Array.isArray(contents);
  if (!known || contents.some((content) => typeof content !== 'string')) return malformed(`${at}.envelopes`);
  return { token, week, contents };
}

/** What one participant was given, in the words of the protocol. */
export type Given = {
  readonly arm: string;
  readonly stratum: string;
  /** Intervention id of a dose number, from 1; of an envelope packed at home, by the one that was opened. */
  contentOf(doseNumber: number): string;
  /** False where nobody can say which envelope the capsule came from; `contentOf` is then what was planned. */
  isKnown(doseNumber: number): boolean;
  /** False where other envelopes were opened than planned: the person is in no contrast of arms. */
  readonly asPlanned: boolean;
};
export type JoinedTables = DerivedTables & { readonly given: ReadonlyMap<string, Given> };

/**
 * Joins the allocation to the tables. Arms are matched to the protocol's without regard to case, since the self-blinding
 * procedure names its arms in capitals.
 * An allocation whose participant was
 * never recorded as randomised is drawn again with the others and joined to nobody.
 * @throws AnalysisError `release_participant_missing`, `release_arm_unknown`, `release_contents_short`
 */
export function joinAllocations(tables: DerivedTables, release: Release, protocol: ProtocolDocument): JoinedTables {
  const given = new Map<string, Given>();
  const randomised = new Set(tables.subjects.filter(({ sets }) => sets.randomised).map((row) => row.participantId));
  const known = new Set(protocol.interventions.map(({ id }) => id));
  const openings = Map.groupBy(tables.envelopes, (row) => row.participantId);
  const doses = Map.groupBy(tables.doses, (row) => row.participantId);
  for (const allocation of release.allocations) {
    const { participantId, stratum, contents } = allocation;
    if (!randomised.has(participantId)) continue;
    const strange = contents.find((content) => !known.has(content));
    if (strange !== undefined) malformed(`${participantId}: no intervention “${strange}”`);
    const arm = armOf(protocol, allocation.arm);
    const opened = openings.get(participantId) ?? [];
    const taken = new Map(doses.get(participantId)?.map((row) => [row.doseNumber, row.takenAt]));
    const held = (doseNumber: number) =>
      heldBy({ doseNumber, takenAt: taken.get(doseNumber) ?? null }, allocation, opened);
    const contentOf = (doseNumber: number) => {
      const content = contents[doseNumber - 1];
      if (content === undefined) throw new AnalysisError('release_contents_short', `${participantId}, ${doseNumber}`);
      return held(doseNumber) ?? content;
    };
    const isKnown = (doseNumber: number) => held(doseNumber) !== null;
    given.set(participantId, { arm, stratum, contentOf, isKnown, asPlanned: isAsPlanned(opened) });
  }
  const missing = [...randomised].find((participantId) => !given.has(participantId));
  if (missing !== undefined) throw new AnalysisError('release_participant_missing', missing);
  return { ...tables, given };
}

function armOf(protocol: ProtocolDocument, released: string): string {
  const arm = protocol.arms.find(({ id }) => id.toLowerCase() === released.toLowerCase());
  if (arm === undefined) throw new AnalysisError('release_arm_unknown', released);
  return arm.id;
}

export type RandomisationCheck = {
  readonly verified: boolean;
  readonly allocations: number;
  readonly commitment: string;
  /** The commitment computed from the released seed; null where the protocol's hash is not known. */
  readonly recomputed: string | null;
  /** One sentence: what was drawn again and what came of it. */
  readonly finding: string;
};

/** Draws every released allocation again from the released seed, arms and capsule contents alike. */
export function checkRandomisation(
  release: Release,
  protocol: ProtocolDocument,
  known: { readonly studyId: string; readonly protocolHash: string | null },
): RandomisationCheck {
  const base = { allocations: release.allocations.length, commitment: release.commitment };
  if (known.protocolHash === null) {
    const finding = 'The hash of the protocol was not handed over, so the commitment could not be recomputed.';
    return { ...base, verified: false, recomputed: null, finding };
  }
  try {
    const { procedure, arms } = release;
    const design = { ...known, protocolHash: known.protocolHash, seed: bytesOf(release.seed), procedure, arms };
    const recomputed = commitment(design);
    const drawn = drawAll(release, design);
    const recorded = release.allocations.map((allocation, index) => recordedOf(allocation, drawn[index]));
    const result = verifyAllocations({ ...design, commitment: release.commitment, allocations: recorded });
    if (!result.ok) return { ...base, verified: false, recomputed, finding: describe(result) };
    const differing = release.allocations.findIndex((one, index) => !contentsMatch(protocol, one, drawn[index]));
    if (differing >= 0) {
      const { participantId } = release.allocations[differing] ?? { participantId: '' };
      const finding = `The capsules released for ${participantId} are not those that the seed draws.`;
      return { ...base, verified: false, recomputed, finding };
    }
    const swapped = release.allocations.findIndex((one, index) => !envelopesMatch(design, one, drawn[index]));
    if (swapped >= 0) {
      const { participantId } = release.allocations[swapped] ?? { participantId: '' };
      const finding = `The envelopes released for ${participantId} are not those that the seed draws.`;
      return { ...base, verified: false, recomputed, finding };
    }
    const finding = `All ${result.count} allocations and the contents of their capsules were drawn again from the released seed and agree; the commitment published before the first enrolment agrees with it.`;
    return { ...base, verified: true, recomputed, finding };
  } catch (error) {
    const finding = `The allocations could not be drawn again: ${error instanceof Error ? error.message : String(error)}`;
    return { ...base, verified: false, recomputed: null, finding };
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}

/** In the order of the release; nothing for what stands behind a gap in the steps of its stratum. */
function drawAll({ allocations }: Release, design: CommittedDesign): (Allocation | undefined)[] {
  const counts = new Map<string, number>();
  const gapless = allocations
    .toSorted((a, b) => a.step - b.step)
    .filter(({ stratum, step }) => {
      const due = counts.get(stratum) ?? 0;
      if (step === due) counts.set(stratum, due + 1);
      return step === due;
    });
  const drawn = redraw(design, gapless);
  const byOne = new Map(gapless.map((one, index) => [one, drawn[index]]));
  return allocations.map((one) => byOne.get(one));
}

/** The release states contents; the sequence behind them is the drawn one, and contents are compared on their own. */
function recordedOf(released: ReleasedAllocation, drawn: Allocation | undefined): RecordedAllocation {
  const { arm, stratum, step, levels, household } = released;
  const sequence = released.sequence ?? drawn?.sequence;
  const periods = released.periods ?? drawn?.periods;
  return {
    ...{ arm, stratum, step },
    ...(sequence === undefined ? {} : { sequence }),
    ...(periods === undefined ? {} : { periods }),
    ...(levels === undefined ? {} : { levels }),
    ...(household === undefined ? {} : { household }),
  };
}

function contentsMatch(
  protocol: ProtocolDocument,
  released: ReleasedAllocation,
  drawn: Allocation | undefined,
): boolean {
  const arm = protocol.arms.find(({ id }) => id.toLowerCase() === released.arm.toLowerCase());
  if (arm === undefined || drawn === undefined) return false;
  const { content } = arm;
  if (content.kind === 'cycles') {
    const due = drawn.periods?.flatMap((one) =>
      Array<string>(content.capsulesPerPeriod).fill(content.treatments[one] ?? ''),
    );
    return released.contents.join() === due?.join();
  }
  if (drawn.sequence === undefined) {
    if (content.kind === 'drawn') return false;
    return released.contents.every((held, index) => held === plannedIntervention(arm, index + 1));
  }
  if (content.kind === 'steps') return false;
  const reference = content.kind === 'constant' ? content.intervention : content.placebo;
  const active = content.kind === 'constant' ? content.intervention : content.active;
  const due = drawn.sequence.flatMap(({ days }) => [days.mon, days.tue, days.thu, days.fri]);
  return (
    released.contents.length === due.length &&
    released.contents.every((held, index) => held === (due[index] === 'MD' ? active : reference))
  );
}

/** Of an envelope the release may only say what the seed puts into its place. */
function envelopesMatch(
  { seed, studyId }: CommittedDesign,
  { participantId, envelopes, contents }: ReleasedAllocation,
  drawn: Allocation | undefined,
): boolean {
  if (envelopes === undefined) return true;
  if (drawn?.sequence === undefined) return false;
  const due = envelopesOf(drawn.sequence, { seed, studyId, participantId });
  const used = envelopes.filter(({ week }) => week !== null).flatMap((one) => one.contents);
  if (envelopes.length !== due.length || used.join() !== contents.join()) return false;
  // A word for each content: the same one wherever the seed puts that content, and two words where it puts both.
  const words = new Map<string, string>();
  return due.every((envelope, index) => {
    const released = envelopes[index];
    if (released === undefined || released.week !== envelope.week) return false;
    return envelope.contents.every((content, day) => {
      const word = released.contents[day] ?? '';
      const known = words.get(content) ?? word;
      words.set(content, known);
      return known === word && (words.get('MD') ?? 'MD') !== (words.get('PL') ?? 'PL');
    });
  });
}

function describe(result: Exclude<AllocationVerification, { ok: true }>): string {
  if (result.reason === 'commitment') {
    return `The released seed does not give the published commitment: ${result.expected} instead of ${result.found}.`;
  }
  const { stratum, step, expected, found } = result.firstDifference;
  return `In stratum ${stratum}, step ${step}, the seed draws “${expected}” and the release says “${found}”.`;
}

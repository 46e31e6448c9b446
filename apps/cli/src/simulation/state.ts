/**
 * The file of a simulation: a line that says what is simulated, then a line a trial. It is appended to as trials end, so
 * what was cut off goes on where it was, and shards from several machines are put together by their lines.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { TrialOutcome, TrialsRequest } from '@limen/simulation';
import { Failure } from '../failure.ts';
import type { Range } from './pool.ts';

const format = 'limen-simulation-1';

/** Two files belong together when this is the same in both. */
type Head = {
  readonly format: typeof format;
  readonly protocol: string;
  readonly protocolHash: string;
  readonly endpoint: string | null;
  readonly participants: number;
  readonly trials: number;
  readonly seed: string;
  readonly settings: TrialsRequest['settings'];
};

export type State = {
  readonly head: Head;
  readonly outcomes: readonly TrialOutcome[];
  /** Bytes up to the end of the last whole line. */
  readonly whole: number;
};

export function headOf(request: TrialsRequest, trials: number): Head {
  const { protocol, endpoint, participants, seed, settings } = request;
  return {
    format,
    protocol: protocol.id,
    protocolHash: createHash('sha256').update(JSON.stringify(protocol)).digest('hex'),
    endpoint: endpoint ?? null,
    participants,
    trials,
    seed,
    settings,
  };
}

export const sameHead = (one: Head, other: Head): boolean => JSON.stringify(one) === JSON.stringify(other);

/** @throws Failure `state_unreadable` where the file is not of a simulation; a last line cut off is left out */
export function readState(file: string): State {
  const text = readFileSync(file, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  const [first = '', ...rest] = text.slice(0, end).split('\n').slice(0, -1);
  const unreadable = (line: number) =>
    new Failure('state_unreadable', `${file}, line ${line}: this is not a file of a simulation.`);
  const head = parsed(first) as Head | undefined;
  if (head?.format !== format) throw unreadable(1);
  const outcomes = rest.map((line, index) => {
    const outcome = parsed(line) as TrialOutcome | undefined;
    if (!Number.isInteger(outcome?.trial) || !Array.isArray(outcome?.levels)) throw unreadable(index + 2);
    return outcome as TrialOutcome;
  });
  return { head, outcomes, whole: Buffer.byteLength(text.slice(0, end)) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export type Keeper = { keep(outcomes: readonly TrialOutcome[]): void; close(): void };

/**
 * Goes on with the file, or begins it.
 * @throws Failure `state_of_another` where the file was begun with other settings
 */
export function openState(
  file: string,
  head: Head,
): { readonly known: readonly TrialOutcome[]; readonly keeper: Keeper } {
  const state = existsSync(file) ? readState(file) : null;
  if (state !== null && !sameHead(state.head, head)) {
    throw new Failure(
      'state_of_another',
      `${file} holds another simulation: ${differences(state.head, head)} differ.`,
      'Name another file, or simulate with what it was begun with.',
    );
  }
  const handle = openSync(file, state === null ? 'wx' : 'r+');
  let end = state?.whole ?? 0;
  ftruncateSync(handle, end);
  const write = (line: unknown) => {
    end += writeSync(handle, `${JSON.stringify(line)}\n`, end);
  };
  if (state === null) write(head);
  return {
    known: state?.outcomes ?? [],
    keeper: {
      keep: (outcomes) => outcomes.forEach(write),
      close: () => {
        fdatasyncSync(handle);
        closeSync(handle);
      },
    },
  };
}

export function differences(one: Head, other: Head): string {
  const names = Object.keys(one) as (keyof Head)[];
  return names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])).join(', ');
}

/** What of a range is not known yet, as ranges. */
export function missingOf({ from, to }: Range, known: readonly TrialOutcome[]): Range[] {
  const have = new Set(known.map(({ trial }) => trial));
  const missing: { from: number; to: number }[] = [];
  for (let trial = from; trial < to; trial += 1) {
    if (have.has(trial)) continue;
    const last = missing.at(-1);
    if (last?.to === trial) last.to += 1;
    else missing.push({ from: trial, to: trial + 1 });
  }
  return missing;
}

/** From the words of the command line to what is simulated. */
import { readFile } from 'node:fs/promises';
import type { ProtocolDocument } from '@limen/protocol';
import type { TrialsRequest } from '@limen/simulation';
import type { Arguments } from '../command.ts';
import { readProtocolFile } from '../commands/protocol-file.ts';
import { Failure } from '../failure.ts';
import type { Range } from './pool.ts';

/** @throws Failure where the document has an error or lacks the endpoint, and for numbers out of their range */
export async function requestOf(file: string, given: Arguments): Promise<TrialsRequest> {
  const { readSettings, scaleEffects, selfBlinding2021 } = await import('@limen/simulation');
  const protocol = await protocolWithoutErrors(file);
  const endpoint = given.text('endpoint');
  const endpoints = protocol.analysis.endpoints.map(({ id }) => id);
  if (endpoint !== undefined && !endpoints.includes(endpoint)) {
    throw new Failure(
      'endpoint_not_found',
      `The protocol has no endpoint “${endpoint}”.`,
      `It has: ${endpoints.join(', ')}.`,
    );
  }
  const world = given.text('settings');
  const settings = world === undefined ? selfBlinding2021 : readSettings(await readFile(world, 'utf8'));
  const scaled = scaleEffects(settings, { drug: factor(given, 'drug'), belief: factor(given, 'belief') });
  return {
    protocol,
    ...(endpoint === undefined ? {} : { endpoint }),
    participants: given.whole('participants', {
      min: 4,
      max: largestTrial,
      otherwise: protocol.population.plannedSampleSize,
    }),
    settings: { ...scaled, cueStrength: scaled.cueStrength * factor(given, 'cue') },
    seed: given.text('seed') ?? 'limen',
  };
}

export const largestTrial = 100_000;

export async function protocolWithoutErrors(file: string): Promise<ProtocolDocument> {
  const protocol = await readProtocolFile(file);
  const { findings } = await import('@limen/protocol');
  const error = findings(protocol).find((finding) => finding.severity === 'error');
  if (!error) return protocol;
  throw new Failure('protocol_invalid', `${error.path}: ${error.message}`, `See: limen protocol check ${file}`);
}

function factor(given: Arguments, name: string): number {
  const text = given.text(name);
  const value = Number(text ?? '1');
  if (!Number.isFinite(value) || value < 0 || value > 100) {
    throw new Failure('usage', `--${name} takes a number from 0 to 100, not “${text}”.`);
  }
  return value;
}

/** `2/5`: the second of five parts of the trials. */
export function shardOf(text: string | undefined, trials: number): Range {
  if (text === undefined) return { from: 0, to: trials };
  const [, part, parts] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!part || !parts || part > parts || parts > trials) {
    throw new Failure('usage', `--shard takes a part such as 2/5, the second of five, not “${text}”.`);
  }
  return { from: Math.floor(((part - 1) * trials) / parts), to: Math.floor((part * trials) / parts) };
}

/** `cue=0:2:5`: five values from 0 to 2. */
export function sweepOf(text: string): { readonly name: string; readonly values: readonly number[] } {
  const [, name, ...numbers] = /^([a-z]+)=([\d.]+):([\d.]+):(\d+)$/.exec(text) ?? [];
  const [low = Number.NaN, high = Number.NaN, steps = 0] = numbers.map(Number);
  if (name === undefined || !(low <= high) || steps < 2 || steps > 50) {
    throw new Failure('usage', `--sweep takes a name with its values, such as cue=0:2:5, not “${text}”.`);
  }
  const at = (step: number) => Number((low + ((high - low) * step) / (steps - 1)).toPrecision(6));
  return { name, values: Array.from({ length: steps }, (_, step) => at(step)) };
}

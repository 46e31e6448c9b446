/** What the server's answer to an entry means for the entry. Pure. */
import type { Problem } from '@limen/contract';

export type Fate =
  /** Recorded: the entry leaves the phone. */
  | { readonly kind: 'recorded' }
  /** Not accepted, but kept by the server and shown to the study team. */
  | { readonly kind: 'keptForTeam' }
  /** Said before in another way: nothing is left to do. */
  | { readonly kind: 'saidBefore' }
  /** The person must look at it. */
  | { readonly kind: 'refused' }
  /** The personal code is needed again; the entry stays. */
  | { readonly kind: 'signIn' }
  /** The server is busy or away; the entry stays, and so does everything after it. */
  | { readonly kind: 'later' }
  /** The server stumbles over this one: the entry stays and the next may go first. */
  | { readonly kind: 'stepAside' };

/** After this many faults of the server over one entry, the ones behind it are no longer held up. */
export const faultsBeforeStepAside = 5;

const saidBefore = new Set(['already_screened', 'already_consented', 'already_withdrawn']);

/** `problem`: null where the server could not be reached or did not answer with a problem document. */
export function fateOf(problem: Problem | null, faults: number): Fate {
  if (problem === null) return { kind: 'later' };
  if (problem.kept === true) return { kind: 'keptForTeam' };
  if (problem.status === 401) return { kind: 'signIn' };
  if (problem.status === 408 || problem.status === 425 || problem.status === 429 || problem.status === 503) {
    return { kind: 'later' };
  }
  if (problem.status >= 500) return { kind: faults + 1 >= faultsBeforeStepAside ? 'stepAside' : 'later' };
  return { kind: saidBefore.has(problem.code) ? 'saidBefore' : 'refused' };
}

const second = 1000;
const firstPauseMs = 5 * second;
const longestPauseMs = 5 * 60 * second;

/** Pause before the next attempt, milliseconds; `fraction` in [0, 1) spreads many phones out. */
export function pauseAfter(failures: number, fraction: number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 16));
  return Math.round(full / 2 + (full / 2) * fraction);
}

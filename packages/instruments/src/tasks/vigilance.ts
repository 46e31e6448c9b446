/**
 * Brief psychomotor vigilance test, PVT-B (Basner, Mollicone & Dinges 2011, Acta Astronautica 69:949): three minutes, a signal
 * after 1 to 4 s, answered as fast as one can. A lapse takes 355 ms or more; an answer before 100 ms is a false start.
 */
import type { Draws } from './draws.ts';
import { fastestMs, mean, median, scored, timesOf } from './measures.ts';
import type { Stimulus, Trial } from './trial.ts';

export const vigilanceMs = 180_000;
export const lapseMs = 355;
/** Without an answer the signal goes, and the next one comes. */
export const signalMs = 30_000;
export const shortestWaitMs = 1_000;
const longestWaitMs = 4_000;
const practiceSignals = 3;

/** The wait before each signal in ms; as many as the fastest person could need. */
export function vigilancePlan(draws: Draws): Stimulus[] {
  const signals = practiceSignals + Math.ceil(vigilanceMs / shortestWaitMs);
  return Array.from({ length: signals }, (_, index) => ({
    practice: index < practiceSignals,
    stimulus: String(shortestWaitMs + draws.below(longestWaitMs - shortestWaitMs + 1)),
    expected: 'tap',
  }));
}

/** A signal that nobody answered counts as a lapse; a false start has the time it came before the signal, or below 100 ms. */
export function vigilanceMeasures(trials: readonly Trial[]): Record<string, number | null> {
  const all = scored(trials);
  const isStart = ({ ms }: Trial) => ms !== null && ms < fastestMs;
  const answered = timesOf(all.filter((trial) => !isStart(trial)));
  const signals = all.filter((trial) => !isStart(trial));
  return {
    speed: mean(answered.map((ms) => 1000 / ms)),
    medianMs: median(answered),
    lapses: signals.length === 0 ? null : signals.filter(({ ms }) => ms === null || ms >= lapseMs).length,
    falseStarts: all.length === 0 ? null : all.filter(isStart).length,
  };
}

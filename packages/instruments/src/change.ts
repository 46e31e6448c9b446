/** Is a change larger than measurement error would give? Jacobson & Truax 1991. */
import { InstrumentError } from './errors.ts';
import type { Evidence, Instrument } from './instrument.ts';
import { scoreById } from './score.ts';

export type ReliableChange = {
  /** after - before; null while one of them is unknown. */
  readonly difference: number | null;
  /** 1.96 sd √2 √(1 - r): what 95 % of unchanged people stay within. */
  readonly threshold: number;
  readonly verdict: 'improved' | 'worsened' | 'noReliableChange' | 'unknown';
  readonly source: string;
  readonly evidence: Evidence;
};

/** @throws InstrumentError `unknown-score`, `no-reliability` */
export function reliableChange(
  instrument: Instrument,
  scoreId: string,
  before: number | null,
  after: number | null,
): ReliableChange {
  const score = scoreById(instrument, scoreId);
  if (!score.reliableChange) throw new InstrumentError('no-reliability', `Score "${scoreId}" of ${instrument.id}.`);
  const { r, sd, source, evidence } = score.reliableChange;
  const threshold = 1.96 * sd * Math.SQRT2 * Math.sqrt(1 - r);
  const difference = before === null || after === null ? null : after - before;
  const rose = score.better === 'higher' ? 'improved' : 'worsened';
  const fell = score.better === 'higher' ? 'worsened' : 'improved';
  const verdict =
    difference === null
      ? 'unknown'
      : Math.abs(difference) <= threshold
        ? 'noReliableChange'
        : difference > 0
          ? rose
          : fell;
  return { difference, threshold, verdict, source, evidence };
}

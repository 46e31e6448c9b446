/**
 * The life of a batch. It is recorded in quarantine; people release it, quarantine it again, recall it, use it up; expiry
 * and a retest that is due follow from the date. Only a released batch that is in date may go into a kit.
 */
import { PharmacologyError } from './errors.ts';
import type { Interval } from './fact.ts';
import { formatNumber } from './quantity.ts';

/** What people decide. */
export type BatchStanding = 'quarantined' | 'released' | 'recalled' | 'exhausted';
/** What it is on a day. */
export type BatchStatus = BatchStanding | 'expired' | 'retest-due';

/** From a standing to those it may become. A recall is final: what was called back is not given out again. */
export const batchMoves: Readonly<Record<BatchStanding, readonly BatchStanding[]>> = {
  quarantined: ['released', 'recalled'],
  released: ['quarantined', 'recalled', 'exhausted'],
  exhausted: ['recalled'],
  recalled: [],
};

/** @throws PharmacologyError `batch-move` */
export function moveBatch(from: BatchStanding, to: BatchStanding): BatchStanding {
  if (!batchMoves[from].includes(to)) throw new PharmacologyError('batch-move', `From ${from} to ${to}.`);
  return to;
}

/** ISO dates. `expires` is the last day of use; on `retestOn` and after it the batch waits for its retest. */
export type BatchDates = { readonly expires: string; readonly retestOn?: string };

export function batchStatus(standing: BatchStanding, dates: BatchDates, today: string): BatchStatus {
  if (standing === 'recalled' || standing === 'exhausted') return standing;
  if (dates.expires < today) return 'expired';
  if (standing === 'released' && dates.retestOn !== undefined && dates.retestOn <= today) return 'retest-due';
  return standing;
}

/** Content as per cent of the label: the usual limits where a study has none of its own. */
export const usualSpecification: Interval = { lower: 90, upper: 110 };

export type RetestVerdict = {
  readonly inSpecification: boolean;
  readonly mean: number;
  readonly specification: Interval;
  readonly explanation: string;
};

/**
 * A retest against its specification: the mean of the results decides, limits count as inside. Out of specification
 * is a reason for quarantine.
 * @throws PharmacologyError `bad-retest`
 */
export function retestVerdict(
  percentOfLabel: readonly number[],
  specification: Interval = usualSpecification,
): RetestVerdict {
  const { lower, upper } = specification;
  const good = percentOfLabel.length > 0 && percentOfLabel.every((x) => Number.isFinite(x) && x >= 0);
  if (!good || !(lower >= 0 && lower < upper && Number.isFinite(upper))) {
    throw new PharmacologyError('bad-retest', `${percentOfLabel.length} results against ${lower} to ${upper} %.`);
  }
  const mean = percentOfLabel.reduce((sum, x) => sum + x, 0) / percentOfLabel.length;
  const inSpecification = mean >= lower && mean <= upper;
  return {
    ...{ inSpecification, mean, specification },
    explanation:
      `Mean ${mean.toFixed(2)} % of the label against ${formatNumber(lower)} to ${formatNumber(upper)} %: ` +
      `${inSpecification ? 'in' : 'out of'} specification.`,
  };
}

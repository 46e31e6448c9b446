/**
 * Adjusted p-values: Bonferroni; Holm (1979, Scand. J. Stat. 6:65); Hochberg (1988, Biometrika 75:800); Hommel (1988,
 * Biometrika 75:383); Benjamini & Hochberg (1995, JRSS B 57:289), the last for the false discovery rate.
 */
export type Adjustment = 'bonferroni' | 'holm' | 'hochberg' | 'hommel' | 'benjamini-hochberg';

/** In the order given. @throws RangeError unless every p lies in [0, 1] */
export function adjustPValues(p: readonly number[], adjustment: Adjustment): number[] {
  const bad = p.find((one) => !(one >= 0 && one <= 1));
  if (bad !== undefined) throw new RangeError(`A p-value lies between 0 and 1, not ${bad}`);
  const m = p.length;
  const order = p.map((_, i) => i).sort((i, j) => (p[i] as number) - (p[j] as number));
  const sorted = order.map((i) => p[i] as number);
  const adjusted = adjustSorted(sorted, m, adjustment);
  const made = new Array<number>(m).fill(1);
  order.forEach((i, rank) => {
    made[i] = Math.min(1, adjusted[rank] as number);
  });
  return made;
}

function adjustSorted(p: readonly number[], m: number, adjustment: Adjustment): number[] {
  switch (adjustment) {
    case 'bonferroni':
      return p.map((one) => m * one);
    case 'holm':
      return runningMost(p.map((one, i) => (m - i) * one));
    case 'hochberg':
      return runningLeast(p.map((one, i) => (m - i) * one));
    case 'benjamini-hochberg':
      return runningLeast(p.map((one, i) => (m / (i + 1)) * one));
    case 'hommel':
      return hommel(p, m);
  }
}

function runningMost(values: readonly number[]): number[] {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
}

function runningLeast(values: readonly number[]): number[] {
  let least = 1;
  return values
    .map((_, i) => {
      least = Math.min(least, values[values.length - 1 - i] as number);
      return least;
    })
    .reverse();
}

/** Closed testing with Simes' test, by the algorithm of Wright (1992, Biometrics 48:1005). */
function hommel(p: readonly number[], m: number): number[] {
  const made = p.slice();
  for (let size = m; size > 1; size -= 1) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = m - size + 1; i < m; i += 1) least = Math.min(least, (size * (p[i] as number)) / (size - m + i + 1));
    for (let i = 0; i < m; i += 1) {
      const bound = i <= m - size ? Math.min(least, size * (p[i] as number)) : least;
      made[i] = Math.max(made[i] as number, bound);
    }
  }
  return made;
}

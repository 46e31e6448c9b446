/** How far a number in this package can be trusted, and where it comes from. */

/**
 * `found`: read in the cited source. `computed`: derived from found numbers by the stated rule.
 * `memory`: general knowledge of the literature, not yet checked against the source; show it with that mark.
 */
export type Evidence = 'found' | 'computed' | 'memory';

export type Fact<T> = { readonly value: T; readonly source: string; readonly evidence: Evidence };

export type Interval = { readonly lower: number; readonly upper: number };

export const fact = <const T>(value: T, evidence: Evidence, source: string): Fact<T> => ({ value, source, evidence });

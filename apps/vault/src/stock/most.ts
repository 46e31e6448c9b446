/** How often an arm can have been drawn after so many steps of a stratum, whatever was drawn. */
import type { StockDesign } from './design.ts';

/** No procedure gives an arm more than every step. */
export function mostOf(_design: StockDesign, _arm: string, steps: number): number {
  return steps;
}

/** At least what the other arms together cannot have taken. */
export function leastOf(design: StockDesign, arm: string, steps: number): number {
  const others = design.arms.filter(({ id }) => id !== arm);
  return Math.max(0, steps - others.reduce((sum, { id }) => sum + mostOf(design, id, steps), 0));
}

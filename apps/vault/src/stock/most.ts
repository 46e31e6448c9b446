/** How often an arm can have been drawn after so many steps of a stratum, whatever was drawn. */
import { mostOf as mostOfArms } from '@limen/randomization';
import type { StockDesign } from './design.ts';

/** At most: some draw of the procedure reaches it, none exceeds it. */
export function mostOf(design: StockDesign, arm: string, steps: number): number {
  const index = design.arms.findIndex(({ id }) => id === arm);
  return mostOfArms(design, steps)[index] ?? steps;
}

/** At least what the other arms together cannot have taken. */
export function leastOf(design: StockDesign, arm: string, steps: number): number {
  const most = mostOfArms(design, steps);
  const others = design.arms.reduce((sum, { id }, index) => sum + (id === arm ? 0 : (most[index] ?? steps)), 0);
  return Math.max(0, steps - others);
}

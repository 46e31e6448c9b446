/**
 * Whether a shipment can serve the next participant, told from totals alone.
 *
 * A blinded person sees who is served, who is refused, and from which shipment a label comes. None of it may depend on
 * the allocation, so the answer is the same for every arm: a shipment serves while each of its contents would last even
 * if as many of those it has served as the procedure allows had drawn it. What was lost, damaged or given in replacement
 * counts against every content alike.
 *
 * The rule holds for one shipment at a time. A pool over several would tell more: contents are in constant proportion in
 * each, so two people of one arm would come from one shipment less often than two people of unlike arms.
 */
import type { StockDesign } from './design.ts';
import { leastOf, mostOf } from './most.ts';

export type ShipmentTotals = {
  readonly sets: number;
  /** Steps of each stratum whose kit came from this shipment, rising. */
  readonly served: ReadonlyMap<string, readonly number[]>;
  /** Kits no longer there that stand for no step: missing, damaged, lost, destroyed, given in replacement. */
  readonly gone: number;
};

export type NextStep = { readonly stratum: string; readonly step: number };

/** `next`: the step to be served; null for a replacement, which is of the contents that somebody has. */
export function canServe(design: StockDesign, shipment: ShipmentTotals, next: NextStep | null): boolean {
  const served = new Map(shipment.served);
  if (next !== null) served.set(next.stratum, [...(served.get(next.stratum) ?? []), next.step]);
  const gone = shipment.gone + (next === null ? 1 : 0);
  return [...design.perSet].every(([content, perSet]) => {
    const most = [...served.values()].reduce((sum, steps) => sum + mostAmong(design, content, steps), 0);
    return most + gone <= perSet * shipment.sets;
  });
}

/** The most of these steps of one stratum that can have drawn the content: at most what the steps between can hold. */
export function mostAmong(design: StockDesign, content: string, steps: readonly number[]): number {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return 0;
  const arms = design.arms.filter((arm) => arm.content === content);
  const between = arms.reduce((sum, { id }) => sum + mostOf(design, id, last + 1) - leastOf(design, id, first), 0);
  return Math.min(steps.length, between);
}

/** How many more can be served for certain, in whatever strata they come: the fewest over all strata seen so far. */
export function certainlyServed(
  design: StockDesign,
  shipments: readonly ShipmentTotals[],
  nextSteps: ReadonlyMap<string, number>,
): number {
  const strata = nextSteps.size === 0 ? new Map([['all', 0]]) : nextSteps;
  return Math.min(...[...strata].map(([stratum, step]) => servedInARow(design, shipments, stratum, step)));
}

function servedInARow(
  design: StockDesign,
  shipments: readonly ShipmentTotals[],
  stratum: string,
  firstStep: number,
): number {
  let step = firstStep;
  for (const shipment of shipments) {
    const own = [...(shipment.served.get(stratum) ?? [])];
    const others = shipment.served;
    while (canServe(design, { ...shipment, served: new Map([...others, [stratum, own]]) }, { stratum, step })) {
      own.push(step);
      step += 1;
    }
  }
  return step - firstStep;
}

/** Kits in stock: which contents a design needs, and in what proportion a shipment holds them. */
import type { ProtocolDocument } from '@limen/protocol';
import { type Design, randomisedArms } from '../contents.ts';

export type StockDesign = {
  readonly procedure: Design['procedure'];
  readonly arms: readonly { readonly id: string; readonly weight: number; readonly content: string }[];
  /** Kits of each content in the smallest shipment, by content in alphabetical order. */
  readonly perSet: ReadonlyMap<string, number>;
};

/** Whether the protocol wants kits made beforehand; otherwise a kit is packed once its label is drawn. */
export function keepsStock({ document }: { readonly document: ProtocolDocument | null }): boolean {
  return document?.supply?.kits === 'stock';
}

/** Why this design cannot keep kits in stock; null where it can. */
export function stockFault({ arms, procedure }: Design): string | null {
  const several = arms.filter(({ content }) => content.kind !== 'constant').map(({ id }) => id);
  if (several.length > 0) {
    return `kits in stock hold one content each, and the capsules of ${several.join(', ')} follow a sequence: pack to order`;
  }
  if (procedure.kind === 'selfBlindingWeeks') return 'the procedure draws the capsules of every kit: pack to order';
  return null;
}

/** @throws RangeError for a design with a `stockFault` */
export function stockDesign(design: Design): StockDesign {
  const fault = stockFault(design);
  if (fault !== null) throw new RangeError(fault);
  const ids = randomisedArms(design);
  const arms = design.arms.map(({ weight, content }, index) => ({
    id: ids[index]?.id ?? '',
    weight,
    content: content.kind === 'constant' ? content.intervention : '',
  }));
  return { procedure: design.procedure, arms, perSet: perSetOf(arms) };
}

function perSetOf(arms: StockDesign['arms']): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { content, weight } of arms) weights.set(content, (weights.get(content) ?? 0) + weight);
  const divisor = [...weights.values()].reduce(greatestCommonDivisor);
  return new Map(
    [...weights].sort(([a], [b]) => (a < b ? -1 : 1)).map(([content, weight]) => [content, weight / divisor]),
  );
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function kitsPerSet({ perSet }: StockDesign): number {
  return [...perSet.values()].reduce((sum, kits) => sum + kits, 0);
}

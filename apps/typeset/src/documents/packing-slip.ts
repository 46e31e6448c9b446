/** What goes with a shipment of kits. It is made of labels alone, so it cannot tell what they hold. */
import { between, distinct } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';

export const PACKING_SLIP_WORDS = {
  heading: 'Packing slip',
  study: 'Study',
  shipment: 'Shipment',
  from: 'From',
  to: 'To',
  lot: 'Lot',
  expiry: 'Use before',
  storage: 'Storage',
  perKit: 'Capsules in each kit',
  total: 'Kits in this shipment',
  kits: 'Kits',
  tick: 'Tick each kit that has arrived whole and sealed.',
  receipt: 'Receipt',
  signing: ['Received by', 'Date and time', 'Temperature on arrival, logger', 'Remarks'],
};

export interface PackingSlip extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  readonly shipment: string;
  readonly from: string;
  readonly to: string;
  readonly lot: string;
  readonly expiry: string;
  readonly storage: string;
  readonly capsulesPerKit: number;
  /** Printed in the alphabet's order, whatever the order given. */
  readonly labels: readonly string[];
  readonly words?: Partial<typeof PACKING_SLIP_WORDS>;
}

const MOST_KITS = 2000;

export function printPackingSlip(input: PackingSlip): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, shipment, from, to, lot, expiry, storage, capsulesPerKit } = input;
  between('labels', input.labels.length, 1, MOST_KITS);
  between('capsulesPerKit', capsulesPerKit, 1, MOST_KITS);
  const labels = distinct('label', input.labels);
  const words = { ...PACKING_SLIP_WORDS, ...input.words };
  const content = { paper, studyTitle, shipment, from, to, lot, expiry, storage, capsulesPerKit, labels, words };
  return print('packing-slip', words.heading, { language, printedAt }, content);
}

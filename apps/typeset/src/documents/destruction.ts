/** The certificate that capsules, kits or substance were destroyed before two people. */
import { TypesetError } from '../errors.ts';
import { between } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';

export const DESTRUCTION_WORDS = {
  heading: 'Certificate of destruction',
  band: 'UNBLINDED: for unblinded staff and inspectors only. Keep locked away from the study team.',
  study: 'Study',
  number: 'Certificate',
  place: 'Place',
  when: 'Date and time',
  method: 'Method',
  destroyed: 'Destroyed',
  columns: ['Kit or batch', 'What', 'Quantity', 'Reason'],
  statement: 'We were both present and saw that everything listed was destroyed and cannot be recovered.',
  signing: ['Signature', 'Date and time'],
};

export interface DestroyedItem {
  readonly identifier: string;
  /** On a blinded certificate the same for every kit, as "Study capsules". */
  readonly what: string;
  readonly quantity: string;
  readonly reason: string;
}

export interface Destruction extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  readonly number: string;
  readonly place: string;
  /** As read on the clock there, with its zone. */
  readonly when: string;
  readonly method: string;
  readonly items: readonly DestroyedItem[];
  /** Two different people. */
  readonly witnesses: readonly [Witness, Witness];
  /** Whether the items tell what kits held; every page then says so. */
  readonly unblinded: boolean;
  readonly words?: Partial<typeof DESTRUCTION_WORDS>;
}

export interface Witness {
  readonly name: string;
  readonly role: string;
}

const MOST_ITEMS = 2000;

export function printDestruction(input: Destruction): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, number, place, when, method, items, witnesses, unblinded } = input;
  between('items', items.length, 1, MOST_ITEMS);
  const [first, second] = witnesses.map(({ name }) => name.trim().toLowerCase());
  if (first === second) throw new TypesetError('bad_input', 'The two witnesses must be two people.');
  const words = { ...DESTRUCTION_WORDS, ...input.words };
  const content = { paper, studyTitle, number, place, when, method, items, witnesses, unblinded, words };
  return print('destruction', words.heading, { language, printedAt }, content);
}

/** The card a participant carries. It says what everybody in the study may have taken, and nothing of who takes what. */
import { between, distinct } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';
import { qrSvg } from '../qr.ts';

export const WALLET_CARD_WORDS = {
  title: 'Wallet cards',
  cut: 'Cut along the outer lines and fold along the dashed line.',
  carry: 'I take part in this study and may have taken a study capsule.',
  contains: 'A study capsule may contain:',
  ask: 'In an emergency, doctors can learn at once what I have taken: see the other side.',
  number: 'Card',
  phone: 'Emergency phone, day and night',
  web: 'Emergency page',
  code: 'QR code to the emergency page for card',
};

export interface WalletCards extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  /** With their check digit: each the label of a participant’s first kit, which says nothing of what is in it. */
  readonly numbers: readonly string[];
  /** What any capsule of the study may contain, the same on every card. */
  readonly mayContain: string;
  readonly phone: string;
  /** As printed. */
  readonly web: string;
  /** What the code opens, with `{number}` where the card's number stands. */
  readonly codeAddress: string;
  /** Further lines of the back, as the study's identifier or what to avoid. */
  readonly lines?: readonly string[];
  readonly words?: Partial<typeof WALLET_CARD_WORDS>;
}

const MOST_CARDS = 1000;

export function printWalletCards(input: WalletCards): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, mayContain, phone, web, codeAddress, lines = [] } = input;
  between('numbers', input.numbers.length, 1, MOST_CARDS);
  const cards = distinct('number', input.numbers).map((number) => ({
    number,
    code: qrSvg(codeAddress.replaceAll('{number}', encodeURIComponent(number))),
  }));
  const words = { ...WALLET_CARD_WORDS, ...input.words };
  const content = { paper, studyTitle, cards, mayContain, phone, web, lines, words };
  return print('wallet-card', words.title, { language, printedAt }, content);
}

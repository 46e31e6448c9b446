/** What a person packs with who blinds themself: labels for envelopes, a checklist, and the seal of what is left over. */
import { TypesetError } from '../errors.ts';
import { between, distinct } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';
import { qrSvg } from '../qr.ts';
import { LABEL_SHEETS, type LabelSheetName } from './kit-labels.ts';

export interface Envelope {
  /** Its short code or a few words, to say and to find it by. */
  readonly name: string;
  /** 128 random bits as 26 characters of Crockford's base 32: the code holds them and nothing else. */
  readonly token: string;
}

export interface EnvelopeLabels extends Printing {
  readonly sheet: LabelSheetName;
  readonly studyTitle: string;
  /** Printed in the alphabet's order of their names, whatever they will hold. */
  readonly envelopes: readonly Envelope[];
  /** As "Open only when the app says so". */
  readonly lines: readonly string[];
  readonly codeName?: string;
  readonly skip?: number;
  readonly outlines?: boolean;
}

const MOST_ENVELOPES = 500;

export function printEnvelopeLabels(input: EnvelopeLabels): Promise<Uint8Array> {
  const { language, printedAt, studyTitle, lines, skip = 0, outlines = false, codeName = 'QR code' } = input;
  const sheet = LABEL_SHEETS[input.sheet];
  between('envelopes', input.envelopes.length, 1, MOST_ENVELOPES);
  between('skip', skip, 0, sheet.columns * sheet.rows - 1);
  for (const { name, token } of input.envelopes) assertToken(name, token);
  distinct('token', tokensOf(input.envelopes));
  const byName = new Map(input.envelopes.map((one) => [one.name, one]));
  const envelopes = distinct('name', namesOf(input.envelopes))
    .flatMap((name) => byName.get(name) ?? [])
    .map(({ name, token }) => ({ name, code: qrSvg(token) }));
  const content = { sheet, studyTitle, envelopes, lines, codeName, skip, outlines };
  return print('envelope-labels', 'Envelope labels', { language, printedAt }, content);
}

const namesOf = (envelopes: readonly Envelope[]): string[] => envelopes.map(({ name }) => name);
const tokensOf = (envelopes: readonly Envelope[]): string[] => envelopes.map(({ token }) => token);

/** A shorter or a structured token could be guessed from another. */
function assertToken(name: string, token: string): void {
  if (/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(token)) return;
  throw new TypesetError('bad_input', `The token of ${name} is not 128 bits in base 32.`);
}

export const PACKING_CHECKLIST_WORDS = {
  heading: 'Packing checklist',
  steps: 'Steps',
  weighing: 'Weigh three capsules taken at random',
  weighingColumns: ['Capsule', 'Weight in mg', 'Where it lay'],
  envelopes: 'Envelopes packed and sealed',
  signing: ['Packed by', 'Date'],
};

export interface PackingChecklist extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  readonly steps: readonly string[];
  readonly names: readonly string[];
  /** Rows of the table of weights; 0 leaves it out. */
  readonly weighings: number;
  readonly words?: Partial<typeof PACKING_CHECKLIST_WORDS>;
}

const MOST_STEPS = 100;

export function printPackingChecklist(input: PackingChecklist): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, steps, weighings } = input;
  between('steps', steps.length, 1, MOST_STEPS);
  between('weighings', weighings, 0, MOST_STEPS);
  const words = { ...PACKING_CHECKLIST_WORDS, ...input.words };
  const content = { paper, studyTitle, steps, weighings, envelopes: distinct('name', input.names), words };
  return print('packing-checklist', words.heading, { language, printedAt }, content);
}

export const LEFTOVER_SEAL_WORDS = {
  heading: 'Seal for what is left over',
  steps: 'How to seal',
  flap: 'This half on the flap',
  body: 'This half on the envelope',
  codeName: 'QR code of the seal',
  signing: ['Sealed by', 'Date, code recorded in the app'],
  atEnd: 'At the end of the study, before anything is opened:',
  signingAtEnd: ['Seal whole, looked at by', 'Date, code recorded in the app'],
};

export interface LeftoverSeal extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  /** Recorded when sealing and again at the end; a seal that was replaced has another. */
  readonly code: string;
  readonly steps: readonly string[];
  readonly words?: Partial<typeof LEFTOVER_SEAL_WORDS>;
}

/** A longer code is not copied without a mistake. */
const LONGEST_CODE = 16;

export function printLeftoverSeal(input: LeftoverSeal): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, code, steps } = input;
  between('length of the code', code.length, 1, LONGEST_CODE);
  between('steps', steps.length, 1, MOST_STEPS);
  const words = { ...LEFTOVER_SEAL_WORDS, ...input.words };
  const content = { paper, studyTitle, code, qr: qrSvg(code), steps, words };
  return print('leftover-seal', words.heading, { language, printedAt }, content);
}

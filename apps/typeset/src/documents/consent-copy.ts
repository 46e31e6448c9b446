/** The copy of a signed consent that a participant keeps: the text, the choices, who signed and when. */
import { between } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';

export const CONSENT_COPY_WORDS = {
  title: 'Consent, your copy',
  yours: 'Your copy to keep',
  version: 'Version',
  choices: 'What you chose',
  signature: 'Signed',
  ask: 'Questions, or a change of mind, at any time:',
  hash: 'Fingerprint of the text that was signed:',
};

export interface ConsentCopy extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  readonly heading: string;
  readonly version: string;
  /** Blank lines part the paragraphs of a text. */
  readonly sections: readonly { readonly heading: string; readonly text: string }[];
  readonly choices: readonly { readonly question: string; readonly answer: string }[];
  readonly signatures: readonly ConsentSignature[];
  readonly contact: string;
  /** SHA-256 of the text, where it is known. */
  readonly hash?: string;
  readonly words?: Partial<typeof CONSENT_COPY_WORDS>;
}

export interface ConsentSignature {
  /** As "Participant" or "Investigator". */
  readonly role: string;
  readonly name: string;
  /** As read on the clock of whoever signed, with its zone. */
  readonly signedAt: string;
  /** As "Signed in the app after entering the passphrase again." */
  readonly how: string;
}

const MOST_SECTIONS = 60;

export function printConsentCopy(input: ConsentCopy): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, heading, version, choices, signatures, contact, hash } = input;
  between('sections', input.sections.length, 1, MOST_SECTIONS);
  between('signatures', signatures.length, 1, MOST_SECTIONS);
  const sections = input.sections.map((one) => ({ heading: one.heading, paragraphs: one.text.split(/\n{2,}/) }));
  const words = { ...CONSENT_COPY_WORDS, ...input.words };
  const said = { paper, studyTitle, heading, version, sections, choices, signatures, contact, hash: hash ?? null };
  return print('consent-copy', words.title, { language, printedAt }, { ...said, words });
}

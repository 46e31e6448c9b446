/**
 * The sealed paper for the emergency in which no computer runs: one page per participant, folded so that what may be
 * known to all is outside and the allocation inside. Printed, folded and sealed by the unblinded pharmacist.
 */
import { between, distinct } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';

export const CODE_BREAK_WORDS = {
  title: 'Code-break envelopes',
  outside: 'Emergency code break',
  before: [
    'Open only if the treatment of this participant depends on knowing what was taken. Nobody has to agree first.',
    'If there is time, call first. Then open, treat, and write down who opened it, when and why.',
  ],
  phone: 'Call, day and night:',
  signing: ['Opened by, role', 'Date, time and reason'],
  foldBack: 'Second: fold the part above this line behind, and tape all open edges.',
  foldUp: 'First: fold the part below this line up over the pattern.',
  pattern: 'This pattern keeps the inside from being read against the light.',
  band: 'UNBLINDED once opened. Tell the content only to those who treat the participant.',
  participant: 'Participant or kit',
  after: [
    'The participant takes no further study capsule and stays in follow-up.',
    'Tell the investigator that the code was broken, not what it said. Keep this page locked away.',
  ],
};

export interface CodeBreakEnvelope {
  /** The participant's code or the kit's label, as it stands outside and inside. */
  readonly label: string;
  /** Substance, dose and by which capsules, line by line. */
  readonly holds: readonly string[];
}

export interface CodeBreakEnvelopes extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  readonly phone: string;
  /** Printed in the alphabet's order of their labels. */
  readonly envelopes: readonly CodeBreakEnvelope[];
  readonly words?: Partial<typeof CODE_BREAK_WORDS>;
}

const MOST_ENVELOPES = 500;
const MOST_LINES = 6;

export function printCodeBreakEnvelopes(input: CodeBreakEnvelopes): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle, phone } = input;
  between('envelopes', input.envelopes.length, 1, MOST_ENVELOPES);
  for (const { label, holds } of input.envelopes) between(`lines of ${label}`, holds.length, 1, MOST_LINES);
  const byLabel = new Map(input.envelopes.map((one) => [one.label, one]));
  const labels = distinct(
    'label',
    input.envelopes.map(({ label }) => label),
  );
  const envelopes = labels.flatMap((label) => byLabel.get(label) ?? []);
  const words = { ...CODE_BREAK_WORDS, ...input.words };
  return print('code-break', words.title, { language, printedAt }, { paper, studyTitle, phone, envelopes, words });
}

/** For the unblinded pharmacist who fills kits. Says UNBLINDED above and below every page. */
import { between, distinct } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';

export const PACKING_LIST_WORDS = {
  heading: 'Packing list of the pharmacy',
  band: 'UNBLINDED: for unblinded staff only. Keep locked away from the study team.',
  study: 'Study',
  total: 'Kits',
  columns: ['Kit', 'Doses', 'Holds', 'Batch', 'Capsules'],
  signing: ['Packed by, date', 'Checked by, date'],
};

export interface PackedKit {
  readonly label: string;
  /** In the order of doses. */
  readonly contents: readonly PackedCapsules[];
}

export interface PackedCapsules {
  /** Which doses, as "1 to 14" or "3". */
  readonly doses: string;
  /** What the capsules hold, as "Psilocybin 3.1 mg". */
  readonly holds: string;
  readonly batch: string;
  readonly capsules: number;
}

export interface PackingList extends Printing {
  readonly paper: PaperSize;
  readonly studyTitle: string;
  readonly kits: readonly PackedKit[];
  readonly words?: Partial<typeof PACKING_LIST_WORDS>;
}

const MOST_KITS = 1000;
const MOST_LINES = 100;

export function printPackingList(input: PackingList): Promise<Uint8Array> {
  const { language, printedAt, paper, studyTitle } = input;
  between('kits', input.kits.length, 1, MOST_KITS);
  for (const { label, contents } of input.kits) between(`lines of kit ${label}`, contents.length, 1, MOST_LINES);
  const byLabel = new Map(input.kits.map((kit) => [kit.label, kit]));
  const sorted = distinct(
    'label',
    input.kits.map(({ label }) => label),
  );
  const kits = sorted.flatMap((label) => byLabel.get(label) ?? []);
  const words = { ...PACKING_LIST_WORDS, ...input.words };
  return print('packing-list', words.heading, { language, printedAt }, { paper, studyTitle, kits, words });
}

/** Labels for kits: every word but the label and its code is the same on all of them. */
import { between, distinct } from '../limits.ts';
import { type Printing, print } from '../press.ts';
import { qrSvg } from '../qr.ts';

/** Sheets of labels, in millimetres from the top left corner of the page. */
export const LABEL_SHEETS = {
  /** 24 of 70 x 37 mm, without gaps. */
  'a4-3x8': {
    paper: 'a4',
    columns: 3,
    rows: 8,
    width: 70,
    height: 37,
    left: 0,
    top: 0.5,
    gapX: 0,
    insetX: 4.5,
    insetY: 2.8,
  },
  /** 8 of 99.1 x 67.7 mm. */
  'a4-2x4': {
    paper: 'a4',
    columns: 2,
    rows: 4,
    width: 99.1,
    height: 67.7,
    left: 4.65,
    top: 13.1,
    gapX: 2.5,
    insetX: 5,
    insetY: 4.5,
  },
  /** 10 of 4 x 2 inches. */
  'letter-2x5': {
    paper: 'us-letter',
    columns: 2,
    rows: 5,
    width: 101.6,
    height: 50.8,
    left: 3.97,
    top: 12.7,
    gapX: 4.76,
    insetX: 5,
    insetY: 4,
  },
  /** 6 of 4 x 3 1/3 inches. */
  'letter-2x3': {
    paper: 'us-letter',
    columns: 2,
    rows: 3,
    width: 101.6,
    height: 84.66,
    left: 3.97,
    top: 12.7,
    gapX: 4.76,
    insetX: 5,
    insetY: 5,
  },
} as const;

export type LabelSheetName = keyof typeof LABEL_SHEETS;

export interface KitLabels extends Printing {
  readonly sheet: LabelSheetName;
  readonly studyTitle: string;
  /** In any order: they are printed in the alphabet's, so that a sheet does not tell how kits were made. */
  readonly labels: readonly string[];
  /** As "Study capsules: 14". */
  readonly contents: string;
  /** The one blinded lot, as "Lot 2026-A". */
  readonly lot: string;
  /** The one expiry of all kits, as "Use before 2027-03-31". */
  readonly expiry: string;
  /** Storage, "for clinical trial use only", sponsor and site, "keep out of reach of children". */
  readonly lines: readonly string[];
  /** What is written by hand, as "Participant". */
  readonly blanks?: readonly string[];
  /** What a screen reader says of the code before the label. */
  readonly codeName?: string;
  /** Labels of the first sheet that are used up. */
  readonly skip?: number;
  /** Hair lines to cut along, for plain paper. */
  readonly outlines?: boolean;
}

const MOST_LABELS = 1000;

/** A PDF of label sheets. Fails if a text is too long for its place. */
export function printKitLabels(input: KitLabels): Promise<Uint8Array> {
  const { labels, skip = 0, blanks = [], codeName = 'QR code', outlines = false, sheet, ...rest } = input;
  const { language, printedAt, studyTitle, contents, lot, expiry, lines } = rest;
  const { columns, rows } = LABEL_SHEETS[sheet];
  between('labels', labels.length, 1, MOST_LABELS);
  between('skip', skip, 0, columns * rows - 1);
  const kits = distinct('label', labels).map((label) => ({ label, code: qrSvg(label) }));
  const words = { studyTitle, contents, lot, expiry, lines, blanks, codeName };
  return print(
    'kit-labels',
    'Kit labels',
    { language, printedAt },
    { sheet: LABEL_SHEETS[sheet], kits, skip, outlines, ...words },
  );
}

/** The synopsis of a protocol on paper, from the sections that `@limen/protocol` makes of the document. */
import { type PaperSize, type Printing, print } from '../press.ts';

export interface PrintedSynopsis extends Printing {
  readonly paper: PaperSize;
  /** Identifier and version. */
  readonly running: string;
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly PrintedSection[];
}

export interface PrintedSection {
  readonly title: string;
  readonly blocks: readonly PrintedBlock[];
}

export type PrintedBlock =
  | { readonly kind: 'paragraph' | 'heading'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'facts';
      readonly rows: readonly (readonly [term: string, says: string | { readonly items: readonly string[] }])[];
    }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The file's title is the kind of paper and the running title, so that a shelf of synopses can be told apart. */
export function printSynopsis(input: PrintedSynopsis): Promise<Uint8Array> {
  const { language, printedAt, paper, running, title: heading, lead, sections } = input;
  return print('synopsis', `Synopsis ${running}`, { language, printedAt }, { paper, running, heading, lead, sections });
}

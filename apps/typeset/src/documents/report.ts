/** The report of an analysis on paper, from the page itself: nothing is on one that is not on the other. */
import { type PaperSize, print } from '../press.ts';
import { contentOf } from './page-blocks.ts';

export interface PrintedReport {
  readonly paper: PaperSize;
  readonly language: string;
  /** Null where no instant belongs to the report, as the lock of a study does: the same page then always gives the same file. */
  readonly printedAt: string | null;
  /** The report as HTML, as Limen wrote it. */
  readonly page: string;
}

/**
 * Every table, figure and note of the page, what is folded there included, with contents and page numbers.
 * @throws TypesetError `bad_input` for a page that is no report of ours, `missing_glyph` for a character the fonts lack
 */
export async function printReport({ paper, language, printedAt, page }: PrintedReport): Promise<Uint8Array> {
  const { title, blocks } = contentOf(page);
  return print('report', title, { language, printedAt }, { paper, blocks });
}

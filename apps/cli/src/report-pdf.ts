/** A report on paper. */
import { writeFile } from 'node:fs/promises';
import { Failure } from './failure.ts';

/** @param lockedAt the lock of the study; null for a table, which has none. Equal reports give equal bytes. */
export async function writeReportPdf(page: string, lockedAt: string | null, file: string): Promise<void> {
  const { printReport, TypesetError } = await import('@limen/typeset');
  const printedAt = lockedAt === null ? null : new Date(lockedAt).toISOString();
  const pdf = await printReport({ language: 'en', paper: 'a4', printedAt, page }).catch((error: unknown) => {
    if (!(error instanceof TypesetError)) throw error;
    throw new Failure(
      'cannot_be_printed',
      error.message,
      'The page, which any browser shows, is written without --pdf.',
    );
  });
  await writeFile(file, pdf);
}

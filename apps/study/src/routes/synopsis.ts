/** The synopsis of a version of the protocol as PDF. */
import { synopsisOf } from '@limen/protocol';
import { printSynopsis } from '@limen/typeset';
import type { StudyVersion } from '../record/studies.ts';
import { createPrinter } from './print-once.ts';

const remembered = 20;
const printOnce = createPrinter(remembered);

/** Dated when the version was adopted, so that it is the same file whenever and by whomever it is fetched. */
export async function synopsisOnPaper({ protocol, hash, adoptedAt }: StudyVersion): ReturnType<typeof printOnce> {
  const printedAt = new Date(adoptedAt).toISOString();
  return printOnce(`${hash} ${adoptedAt}`, async () =>
    printSynopsis({ ...synopsisOf(protocol, hash), paper: 'a4', printedAt }),
  );
}

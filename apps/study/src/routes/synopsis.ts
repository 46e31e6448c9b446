/** The synopsis of a version of the protocol as PDF. */
import { synopsisOf } from '@limen/protocol';
import { printSynopsis, TypesetError } from '@limen/typeset';
import type { StudyVersion } from '../record/studies.ts';
import { problemOf } from '../server/problem.ts';

const remembered = 20;
/** By hash and time of adoption, on which nothing but the bytes depend. */
const printed = new Map<string, ReturnType<typeof print>>();

/** Dated when the version was adopted, so that it is the same file whenever and by whomever it is fetched. */
export async function synopsisOnPaper(version: StudyVersion): ReturnType<typeof print> {
  const key = `${version.hash} ${version.adoptedAt}`;
  const pdf = printed.get(key) ?? print(version);
  printed.delete(key);
  printed.set(key, pdf);
  for (const old of [...printed.keys()].slice(0, -remembered)) printed.delete(old);
  try {
    return await pdf;
  } catch (error) {
    printed.delete(key);
    if (!(error instanceof TypesetError) || error.code === 'template') throw error;
    throw problemOf('cannot_be_printed', { detail: error.message });
  }
}

async function print({ protocol, hash, adoptedAt }: StudyVersion): Promise<Uint8Array<ArrayBuffer>> {
  const printedAt = new Date(adoptedAt).toISOString();
  return new Uint8Array(await printSynopsis({ ...synopsisOf(protocol, hash), paper: 'a4', printedAt }));
}

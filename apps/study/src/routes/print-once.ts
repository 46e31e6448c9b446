/** Papers that are asked for again and again are set once; a paper that failed is tried anew. */
import { TypesetError } from '@limen/typeset';
import { problemOf } from '../server/problem.ts';

type Pdf = Uint8Array<ArrayBuffer>;

/** @param most how many papers are remembered, the last ones asked for */
export function createPrinter(most: number): (key: string, print: () => Promise<Uint8Array>) => Promise<Pdf> {
  const printed = new Map<string, Promise<Pdf>>();
  return async (key, print) => {
    const pdf = printed.get(key) ?? print().then((bytes) => new Uint8Array(bytes));
    printed.delete(key);
    printed.set(key, pdf);
    for (const old of [...printed.keys()].slice(0, -most)) printed.delete(old);
    try {
      return await pdf;
    } catch (error) {
      printed.delete(key);
      if (!(error instanceof TypesetError) || error.code === 'template') throw error;
      throw problemOf('cannot_be_printed', { detail: error.message });
    }
  };
}

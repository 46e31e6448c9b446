/** The thread on which documents are laid out, one after the other. */
import { parentPort } from 'node:worker_threads';
import { openCompiler } from './compiler.ts';
import { TypesetError } from './errors.ts';
import { withMetadata } from './finish.ts';
import { assertPrintable } from './glyphs.ts';
import type { Job, Printed } from './press.ts';

/** WebAssembly can address four gigabytes and never gives any back. */
const SPENT_BYTES = 1_000_000_000;

const { coverage, compile, taken } = await openCompiler();

parentPort?.on('message', ({ number, job }: { number: number; job: Job }) => {
  parentPort?.postMessage(answer(number, job));
});

/** Anything but a refusal leaves the compiler in an unknown state: the thread ends with it. */
function answer(number: number, { template, metadata, data }: Job): Printed {
  try {
    assertPrintable(coverage, data);
    const pdf = withMetadata(compile(template, data), metadata);
    return { number, spent: taken() > SPENT_BYTES, pdf };
  } catch (error) {
    if (!(error instanceof TypesetError)) throw error;
    return { number, spent: false, code: error.code, detail: error.detail };
  }
}

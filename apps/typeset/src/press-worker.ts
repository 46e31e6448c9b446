/** The thread on which documents are laid out, one after the other. */
import { parentPort } from 'node:worker_threads';
import { openCompiler } from './compiler.ts';
import { TypesetError } from './errors.ts';
import { withMetadata } from './finish.ts';
import { assertPrintable } from './glyphs.ts';
import type { Job, Printed } from './press.ts';

const { coverage, compile } = await openCompiler();

parentPort?.on('message', ({ number, job }: { number: number; job: Job }) => {
  parentPort?.postMessage(answer(number, job));
});

function answer(number: number, { template, metadata, data }: Job): Printed {
  try {
    assertPrintable(coverage, data);
    return { number, pdf: withMetadata(compile(template, data), metadata) };
  } catch (error) {
    if (error instanceof TypesetError) return { number, code: error.code, detail: error.detail };
    return { number, code: 'template', detail: String(error) };
  }
}

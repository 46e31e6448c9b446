/** A reporter of node:test that writes down what ran, for the sum at the end: one JSON line per file and one in all. */
import { resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

export interface Counts {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly skipped: number;
  readonly todo: number;
}

/** Everything that one run of node:test says to `scripts/test.ts`. */
export interface RunRecord {
  readonly counts?: Counts;
  readonly file?: string;
}

export default async function* countsReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files = new Set<string>();
  for await (const event of events) {
    if ((event.type === 'test:pass' || event.type === 'test:fail') && event.data.file !== undefined) {
      // A file without any test is counted by node:test as one that passed, under the file's own name.
      if (files.has(event.data.file) || resolve(event.data.name) === event.data.file) continue;
      files.add(event.data.file);
      yield `${JSON.stringify({ file: event.data.file } satisfies RunRecord)}\n`;
    }
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { tests, passed, cancelled, skipped, todo } = event.data.counts;
      const failed = tests - passed - cancelled - skipped - todo;
      yield `${JSON.stringify({ counts: { tests, passed, failed, cancelled, skipped, todo } } satisfies RunRecord)}\n`;
    }
  }
}

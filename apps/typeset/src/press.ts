/** From checked data to a finished PDF, on one press for the life of the process. */
import { Worker } from 'node:worker_threads';
import { TypesetError, type TypesetProblemCode } from './errors.ts';
import type { Metadata } from './finish.ts';

/** The sheet in the printer. */
export type PaperSize = 'a4' | 'us-letter';

/** What every document is given beside its content. */
export interface Printing {
  /** BCP 47, as `en` or `de-AT`: the language of the words, for hyphens and screen readers. */
  readonly language: string;
  /** The instant it was asked for, ISO 8601 in UTC; documents take no other time. */
  readonly printedAt: string;
}

export interface Job {
  readonly template: string;
  readonly metadata: Metadata;
  /** What the template sees as `input`. */
  readonly data: object;
}

/** What the press answers, by the number of the job. */
export type Printed = { readonly number: number } & (
  | { readonly pdf: Uint8Array }
  | { readonly code: TypesetProblemCode; readonly detail: string }
);

/** @param title the kind of paper, which is all that the file says of itself */
export function print(template: string, title: string, printing: Printing, content: object): Promise<Uint8Array> {
  const printedAt = secondsOf(printing.printedAt);
  const metadata = { title, language: printing.language, printedAt };
  const data = { title, printedAt, ...localeOf(printing.language), ...content };
  press ??= new Press();
  return press.print({ template, metadata, data });
}

function secondsOf(instant: string): string {
  const time = /^\d{4}-\d\d-\d\dT.*Z$/.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(time)) throw new TypesetError('bad_input', `Not an instant in UTC: ${instant}`);
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function localeOf(tag: string): { language: string; region: string | null } {
  try {
    const { language, region } = new Intl.Locale(tag);
    return { language, region: region !== undefined && /^[A-Z]{2}$/.test(region) ? region : null };
  } catch {
    throw new TypesetError('bad_input', `Not a language tag: ${tag}`);
  }
}

interface Waiting {
  resolve(pdf: Uint8Array): void;
  reject(error: Error): void;
}

let press: Press | undefined;

/**
 * A thread of its own: laying out a sheet takes tenths of a second, in which a server must go on answering. It keeps the
 * process alive only while something is printed.
 */
class Press {
  readonly #worker = new Worker(new URL('./press-worker.ts', import.meta.url), { execArgv: [] });
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;

  constructor() {
    this.#worker.on('message', (printed: Printed) => this.#settle(printed));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new TypesetError('template', 'The press has stopped.')));
    this.#worker.unref();
  }

  print(job: Job): Promise<Uint8Array> {
    this.#jobs += 1;
    const number = this.#jobs;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ number, job });
    });
  }

  #settle(printed: Printed): void {
    const waiting = this.#waiting.get(printed.number);
    this.#waiting.delete(printed.number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('pdf' in printed) waiting?.resolve(printed.pdf);
    else waiting?.reject(new TypesetError(printed.code, printed.detail));
  }

  /** A press that broke takes its jobs with it; the next document gets a new one. */
  #fail(error: Error): void {
    if (press === this) press = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

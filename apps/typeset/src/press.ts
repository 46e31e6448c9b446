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
export type Printed = {
  readonly number: number;
  /** It has taken so much memory that it should make place for another. */
  readonly spent: boolean;
} & ({ readonly pdf: Uint8Array } | { readonly code: TypesetProblemCode; readonly detail: string });

/** A paper to which no instant belongs has none: it is the same file whenever it is printed. */
type Undated = Omit<Printing, 'printedAt'> & { readonly printedAt: string | null };

/** @param title the kind of paper, which is all that the file says of itself */
export function print(template: string, title: string, printing: Undated, content: object): Promise<Uint8Array> {
  const printedAt = printing.printedAt === null ? null : secondsOf(printing.printedAt);
  const metadata = { title, language: printing.language, printedAt };
  const data = { title, printedAt, ...localeOf(printing.language), ...content };
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

/** A press takes seconds to warm up and 200 MB to stay warm. */
const IDLE_MS = 5 * 60_000;

/**
 * A thread of its own: laying out a sheet takes tenths of a second, in which a server must go on answering. It keeps the
 * process alive only while something is printed, and is closed when it has long had nothing to do.
 */
export class Press {
  readonly #idleMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #closing: NodeJS.Timeout | undefined;
  #jobs = 0;

  constructor(idleMs: number = IDLE_MS) {
    this.#idleMs = idleMs;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  print(job: Job): Promise<Uint8Array> {
    clearTimeout(this.#closing);
    this.#worker ??= this.#started();
    this.#jobs += 1;
    const number = this.#jobs;
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      worker.postMessage({ number, job });
      worker.ref();
      this.#waiting.set(number, { resolve, reject });
    });
  }

  #started(): Worker {
    const worker = new Worker(new URL('./press-worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (printed: Printed) => this.#settle(printed));
    worker.on('error', (error: Error) => this.#fail(worker, new TypesetError('template', error.message)));
    worker.on('exit', () => this.#fail(worker, new TypesetError('template', 'The press has stopped.')));
    return worker;
  }

  #settle(printed: Printed): void {
    const waiting = this.#waiting.get(printed.number);
    this.#waiting.delete(printed.number);
    if (this.#waiting.size === 0) this.#rest(printed.spent);
    if ('pdf' in printed) waiting?.resolve(printed.pdf);
    else waiting?.reject(new TypesetError(printed.code, printed.detail));
  }

  #rest(spent: boolean): void {
    this.#worker?.unref();
    if (spent) this.#close();
    else this.#closing = setTimeout(() => this.#close(), this.#idleMs).unref();
  }

  #close(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  /** A press that broke takes its jobs with it; the next document gets a new one. One that was closed has none. */
  #fail(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

const press = new Press();

/** Where the program speaks. Results go to standard output; progress and remarks to standard error. */
import { createProgress, type Progress } from './progress.ts';

export type Terminal = {
  readonly json: boolean;
  readonly colour: boolean;
  /** A line of the result. */
  print(line?: string): void;
  /** A line beside the result: silent with `--json`. */
  remark(line: string): void;
  /** The result as one JSON document; only with `--json`, and only once: what follows is for standard error. */
  result(value: unknown): void;
  /** Whether the one document is out. */
  readonly answered: boolean;
  progress(label: string, total: number): Progress;
  bold(text: string): string;
  dim(text: string): string;
};

export function createTerminal(options: { json: boolean }): Terminal {
  const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined && !options.json;
  const style = (open: number, close: number) => (text: string) =>
    colour ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  let answered = false;
  return {
    json: options.json,
    colour,
    print: (line = '') => void process.stdout.write(`${line}\n`),
    remark: (line) => {
      if (!options.json) process.stderr.write(`${line}\n`);
    },
    result: (value) => {
      if (!options.json || answered) return;
      answered = true;
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    get answered() {
      return answered;
    },
    progress: (label, total) => createProgress({ label, total, silent: options.json }),
    bold: style(1, 22),
    dim: style(2, 22),
  };
}

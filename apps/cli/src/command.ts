/** A command of the program: declared once, so that help, parsing and checks cannot disagree. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { Failure } from './failure.ts';
import type { Terminal } from './terminal/terminal.ts';

export type Option = {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly default?: string | boolean;
  /** What stands for the value in the help text, such as `FILE`. */
  readonly value?: string;
  readonly help: string;
};

export type Arguments = {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A whole number within bounds, or the default. */
  whole(name: string, bounds: { min: number; max: number; otherwise: number }): number;
};

export type Command = {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** How many words without dashes it takes; none where absent. */
  readonly takes?: number;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** Answers the exit code. */
  run(given: Arguments, terminal: Terminal): Promise<number>;
};

export const commonOptions: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', help: 'Answer one JSON document on standard output' },
  help: { type: 'boolean', short: 'h', help: 'Say how the command is used' },
};

export function readArguments(command: Command, words: readonly string[]): Arguments {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, option] of Object.entries({ ...command.options, ...commonOptions })) {
    options[name] = { type: option.type, ...(option.short ? { short: option.short } : {}) };
  }
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = (error as Error).message.split('. To specify')[0] ?? 'Unknown option';
    throw new Failure('usage', `${message.replace(/\.$/, '')}.`, `See: limen ${command.name} --help`);
  }
  const surplus = parsed.positionals[command.takes ?? 0];
  if (surplus !== undefined) {
    throw new Failure('usage', `“${surplus}” is one word too many.`, `See: limen ${command.name} --help`);
  }
  const value = (name: string) => parsed.values[name] ?? command.options[name]?.default;
  return {
    positionals: parsed.positionals,
    text: (name) => (typeof value(name) === 'string' ? (value(name) as string) : undefined),
    flag: (name) => value(name) === true,
    whole: (name, { min, max, otherwise }) => {
      const given = value(name);
      if (given === undefined) return otherwise;
      const number = Number(given);
      if (!Number.isInteger(number) || number < min || number > max) {
        throw new Failure('usage', `--${name} takes a whole number from ${min} to ${max}, not “${String(given)}”.`);
      }
      return number;
    },
  };
}

/** The help as data, for `--help --json`. */
export function helpData(command: Command): Record<string, unknown> {
  const { name, summary, usage, examples } = command;
  return { name, summary, usage: `limen ${usage}`, options: { ...command.options, ...commonOptions }, examples };
}

export function helpText(command: Command): string {
  const rows = Object.entries({ ...command.options, ...commonOptions }).map(([name, option]) => {
    const short = option.short ? `-${option.short}, ` : '    ';
    const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : '';
    const standard = option.default === undefined || option.default === false ? '' : ` (default ${option.default})`;
    return [`  ${short}--${name}${value}`, `${option.help}${standard}`] as const;
  });
  const column = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    command.summary,
    '',
    'Usage',
    `  limen ${command.usage}`,
    '',
    'Options',
    ...rows.map(([left, right]) => left.padEnd(column) + right),
    '',
    'Examples',
    ...command.examples.flatMap(({ line, says }) => [`  limen ${line}`, `      ${says}`]),
  ].join('\n');
}

/** The `limen` command: finds the command asked for, runs it, and turns every failure into a sentence and an exit code. */
import { type Command, helpText, readArguments } from './command.ts';
import { commands } from './commands/index.ts';
import { asFailure, Failure } from './failure.ts';
import { createTerminal } from './terminal/terminal.ts';
import { version } from './version.ts';

function overview(): string {
  const column = Math.max(...commands.map((command) => command.name.length)) + 3;
  return [
    'limen studies and supervises micro-dosing: from protocol to published result.',
    '',
    'Usage',
    '  limen COMMAND [options]',
    '',
    'Commands',
    ...commands.map((command) => `  ${command.name.padEnd(column)}${command.summary}`),
    '',
    'limen COMMAND --help shows the options of a command with examples.',
  ].join('\n');
}

function find(words: readonly string[]): { command: Command; rest: readonly string[] } {
  const two = commands.find((command) => command.name === words.slice(0, 2).join(' '));
  if (two) return { command: two, rest: words.slice(2) };
  const one = commands.find((command) => command.name === words[0]);
  if (one) return { command: one, rest: words.slice(1) };
  throw new Failure('usage', `There is no command “${words[0] ?? ''}”.`, 'See: limen --help');
}

async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const terminal = createTerminal({ json });
  try {
    if (words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help') {
      terminal.print(overview());
      return words.length === 0 ? 2 : 0;
    }
    if (words[0] === '--version') {
      terminal.print(version);
      return 0;
    }
    const { command, rest } = find(words);
    const given = readArguments(command, rest);
    if (given.flag('help')) {
      terminal.print(helpText(command));
      return 0;
    }
    return await command.run(given, terminal);
  } catch (error) {
    const failure = asFailure(error);
    if (json)
      terminal.result({
        error: { code: failure.code, message: failure.message, advice: failure.advice, ...failure.details },
      });
    else {
      process.stderr.write(`limen: ${failure.message}\n`);
      if (failure.advice) process.stderr.write(`       ${failure.advice}\n`);
      if (typeof failure.details.stack === 'string') process.stderr.write(`\n${failure.details.stack}\n`);
    }
    return failure.code === 'usage' ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));

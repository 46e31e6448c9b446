/** The `limen` command: finds the command asked for, runs it, and turns every failure into a sentence and an exit code. */
import { type Command, helpData, helpText, readArguments } from './command.ts';
import { commands } from './commands/index.ts';
import { asFailure, Failure } from './failure.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';
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
  const terminal = createTerminal({ json: words.includes('--json') });
  const asked = words.filter((word) => word !== '--json');
  try {
    const first = asked[0];
    if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
      terminal.result({ version, commands: commands.map(helpData) });
      if (!terminal.json) terminal.print(overview());
      return first === undefined ? 2 : 0;
    }
    if (first === '--version') {
      terminal.result({ version });
      if (!terminal.json) terminal.print(version);
      return 0;
    }
    const { command, rest } = find(words[0] === '--json' ? [...asked, '--json'] : words);
    // Help is answered even where the rest is not right.
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.result(helpData(command));
      if (!terminal.json) terminal.print(helpText(command));
      return 0;
    }
    return await command.run(readArguments(command, rest), terminal);
  } catch (error) {
    return tell(asFailure(error), terminal);
  }
}

/** Exit code 2 where the command was not understood, 1 for everything else. */
function tell(failure: Failure, terminal: Terminal): number {
  const { code, message, advice, details } = failure;
  if (terminal.json && !terminal.answered) terminal.result({ error: { code, message, advice, ...details } });
  else {
    process.stderr.write(`limen: ${message}\n`);
    if (advice) process.stderr.write(`       ${advice.replaceAll('\n', '\n       ')}\n`);
    if (typeof details.stack === 'string') process.stderr.write(`\n${details.stack}\n`);
  }
  return code === 'usage' ? 2 : 1;
}

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));

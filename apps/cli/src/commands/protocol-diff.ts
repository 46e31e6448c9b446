import type { AmendmentChange } from '@limen/protocol';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readProtocolFile } from './protocol-file.ts';

const forWhom: Readonly<Record<AmendmentChange['concerns'], string>> = {
  everyone: 'everyone',
  armGiven: 'people who are given it',
  newPeople: 'people yet to come',
  site: 'the site',
  team: 'the team',
  analysis: 'the analysis',
  nobody: 'nobody in conduct',
};
const fromWhen: Readonly<Record<AmendmentChange['from'], string>> = {
  consent: 'from the day after their new consent',
  nextDay: 'from the day after adoption',
  screening: 'from their screening on',
  atOnce: 'at once',
  analysis: 'when the data are analysed',
  never: 'no change for participants',
};
const valueCharacters = 120;

export const protocolDiff: Command = {
  name: 'protocol diff',
  summary: 'Compare two versions of a protocol: what changes, for whom, from when, and who is asked again',
  usage: 'protocol diff OLDER NEWER [--json]',
  takes: 2,
  options: {},
  examples: [{ line: 'protocol diff trial-1.0.0.json trial-1.1.0.json', says: 'What an amendment would change' }],
  async run({ positionals }, terminal) {
    const [older, newer] = positionals;
    if (older === undefined || newer === undefined) {
      throw new Failure('usage', 'Name the older and the newer document.', 'See: limen protocol diff --help');
    }
    const { amendment } = await import('@limen/protocol');
    const found = amendment(await readProtocolFile(older), await readProtocolFile(newer));
    terminal.result(found);
    if (!terminal.json) {
      for (const { kind, place, path, before, after, concerns, from, reconsent, reason } of found.changes) {
        terminal.print(`${kind.padEnd(7)}  ${place}  ${terminal.dim(path)}`);
        if (before !== undefined) terminal.print(`         - ${short(before)}`);
        if (after !== undefined) terminal.print(`         + ${short(after)}`);
        const asks = reconsent ? ' People are asked again.' : '';
        terminal.print(`         ${forWhom[concerns]}, ${fromWhen[from]}: ${reason}${asks}`);
      }
      for (const { path, message } of found.problems) terminal.print(`problem  ${path}  ${message}`);
      const asked = found.reconsent ? 'People who take part are asked again.' : 'Nobody has to be asked again.';
      terminal.remark(found.changes.length === 0 ? 'The documents do not differ.' : asked);
    }
    return found.problems.length === 0 ? 0 : 1;
  },
};

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > valueCharacters ? `${text.slice(0, valueCharacters)}…` : text;
}

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { commands, helpText } from './index.ts';
import { documentOf, errorOf, openBench } from './test-limen.ts';

describe('the limen command', () => {
  const bench = openBench();
  after(() => bench.clear());

  it('shows every command when asked for help, and answers 2 when asked for nothing', async () => {
    const [help, nothing] = await Promise.all([bench.limen(['--help']), bench.limen([])]);
    assert.equal(help.code, 0);
    assert.equal(nothing.code, 2);
    for (const { name } of commands) assert.ok(help.out.includes(`  ${name} `), name);
  });

  it('has help for every command, with its options and examples that can be read back', () => {
    for (const command of commands) {
      const help = helpText(command);
      assert.ok(command.examples.length > 0, command.name);
      for (const { line } of command.examples) {
        assert.ok(help.includes(`limen ${line}`));
        assert.ok(line.startsWith(command.name));
      }
      for (const name of Object.keys(command.options)) assert.ok(help.includes(`--${name}`), name);
    }
  });

  it('prints the help of a command, whatever stands beside --help', async () => {
    const answers = await Promise.all(
      commands.map((command) => bench.limen([...command.name.split(' '), '--nonsense', '--help'])),
    );
    for (const [index, command] of commands.entries()) {
      assert.equal(answers[index]?.code, 0);
      assert.equal(answers[index]?.out, `${helpText(command)}\n`);
    }
  });

  it('answers help and version as one JSON document too', async () => {
    const [overview, version, help] = await Promise.all([
      bench.limen(['--help', '--json']),
      bench.limen(['--json', '--version']),
      bench.limen(['protocol', 'check', '--help', '--json']),
    ]);
    assert.equal((documentOf(overview).commands as unknown[]).length, commands.length);
    assert.match(String(documentOf(version).version), /^\d+\.\d+\.\d+$/);
    assert.equal(documentOf(help).name, 'protocol check');
  });

  for (const [words, says] of [
    [['serve'], 'There is no command “serve”.'],
    [['protocol', 'print'], 'There is no command “protocol”.'],
    [['start', '--prot', '9000'], "Unknown option '--prot'."],
    [['simulate', 'a.json', 'b.json'], '“b.json” is one word too many.'],
    [['start', '--port', 'eighty'], '--port takes a whole number from 0 to 65535, not “eighty”.'],
    [['demo', '--participants', '2'], '--participants takes a whole number from 6 to 20000, not “2”.'],
    [['analyse'], 'Name the table and, with --map, its map.'],
    [['simulate'], 'Name the protocol file.'],
    [['protocol', 'check'], 'Name the protocol file.'],
  ] as const) {
    it(`“limen ${words.join(' ')}” is refused with exit code 2 and one sentence, also as JSON`, async () => {
      const [plain, json] = await Promise.all([bench.limen(words), bench.limen([...words, '--json'])]);
      assert.equal(plain.code, 2);
      assert.equal(plain.out, '');
      assert.ok(plain.err.startsWith(`limen: ${says}\n`), plain.err);
      assert.equal(json.code, 2);
      assert.equal(errorOf(json).message, says);
      assert.equal(json.err, '');
    });
  }
});

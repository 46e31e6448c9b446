import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { protocolsFolder } from '../places.ts';
import { documentOf, errorOf, openBench } from '../test-limen.ts';

const protocol = path.join(protocolsFolder, 'self-blinding-2021.json');

describe('limen simulate', () => {
  const bench = openBench();
  after(() => bench.clear());

  it('answers both estimators, the same for the same seed', async () => {
    const words = ['simulate', protocol, '--trials', '6', '--participants', '30', '--seed', 'test', '--json'];
    const [first, second] = await Promise.all([bench.limen(words), bench.limen(words)]);
    assert.equal(first.code, 0);
    assert.equal(first.err, '');
    assert.equal(first.out, second.out);
    const result = documentOf(first) as { trials: number; participants: number; estimators: { estimator: string }[] };
    assert.equal(result.trials, 6);
    assert.equal(result.participants, 30);
    assert.deepEqual(
      result.estimators.map(({ estimator }) => estimator),
      ['unadjusted', 'withGuess'],
    );
  });

  it('prints them with their Monte-Carlo errors and the warning about the guess', async () => {
    const { code, out } = await bench.limen(['simulate', protocol, '--trials', '3', '--participants', '20']);
    assert.equal(code, 0);
    assert.match(out, /As planned/);
    assert.match(out, /With the guess in the model/);
    assert.match(out, /post-treatment/);
  });

  it('gives the same to the bit on one thread, on three, in parts put together, and cut off and gone on with', async () => {
    const words = ['simulate', protocol, '--trials', '20', '--participants', '24', '--seed', 'parts'];
    const run = async (...more: string[]) => {
      const { code, out, err } = await bench.limen([...words, '--json', ...more]);
      assert.equal(code, 0, err);
      return out;
    };
    const [first, second, cut] = ['first', 'second', 'cut'].map((name) => bench.place(`${name}.jsonl`)) as [
      string,
      string,
      string,
    ];
    const whole = await run('--workers', '1');
    assert.equal(await run('--workers', '3'), whole);
    await run('--shard', '1/2', '--state', first);
    const early = await bench.limen(['simulate', 'merge', protocol, first, '--json']);
    assert.equal(errorOf(early).code, 'trials_missing');
    await run('--shard', '2/2', '--state', second);
    assert.equal((await bench.limen(['simulate', 'merge', protocol, second, first, '--json'])).out, whole);
    const lines = readFileSync(first, 'utf8').split('\n');
    writeFileSync(cut, `${lines.slice(0, 4).join('\n')}\n${lines[4]?.slice(0, 30)}`);
    assert.equal(await run('--state', cut), whole);
    const other = await bench.limen([...words, '--seed', 'other', '--state', cut, '--json']);
    assert.equal(errorOf(other).code, 'state_of_another');
    assert.match(errorOf(other).message ?? '', /seed differ/);
    const nothing = await bench.limen([...words, '--state', bench.file('notes.txt', 'hello\n'), '--json']);
    assert.equal(errorOf(nothing).code, 'state_unreadable');
  });

  it('sweeps one thing and draws it, and searches a size', async () => {
    const plot = bench.place('cue.svg');
    const small = ['simulate', protocol, '--trials', '6', '--participants', '20', '--json'];
    const swept = documentOf(await bench.limen([...small, '--sweep', 'cue=0:2:3', '--plot', plot])) as {
      points: { value: number; result: { correctGuessRate: { mean: number } } }[];
    };
    assert.deepEqual(
      swept.points.map(({ value }) => value),
      [0, 1, 2],
    );
    const [blind, , felt] = swept.points.map(({ result }) => result.correctGuessRate.mean);
    assert.ok((felt ?? 0) > (blind ?? 1));
    assert.match(readFileSync(plot, 'utf8'), /<desc[^>]*>Share of 6 trials/);
    const found = documentOf(await bench.limen([...small, '--drug', '20', '--power', '0.8'])) as {
      tried: { participants: number; power: number }[];
    };
    assert.equal(found.tried[0]?.participants, 20);
    for (const words of [
      ['--sweep', 'cue'],
      ['--sweep', 'taste=0:1:3'],
      ['--power', '2'],
      ['--plot', plot],
      ['--shard', '3/2', '--state', 'x'],
      ['--shard', '1/2'],
      ['--power', '0.8', '--sweep', 'cue=0:1:2'],
    ]) {
      assert.equal((await bench.limen([...small, ...words])).code, 2, words.join(' '));
    }
  });

  it('takes a world of one’s own, and says what in it is wrong', async () => {
    const world = bench.file('world.json', JSON.stringify({ ratings: { mood: { drug: 30, belief: 0 } } }));
    const small = ['simulate', protocol, '--trials', '3', '--participants', '24', '--json'];
    const found = documentOf(await bench.limen([...small, '--settings', world])) as { estimators: { truth: number }[] };
    assert.equal(found.estimators[0]?.truth, 30);
    const strange = bench.file('strange.json', JSON.stringify({ ratings: { mood: { magic: 30 } } }));
    const refused = errorOf(await bench.limen([...small, '--settings', strange]));
    assert.equal(refused.code, 'settings_invalid');
    assert.match(refused.message ?? '', /ratings\.mood\.magic/);
  });

  it('refuses what cannot be simulated', async () => {
    const endpoint = await bench.limen(['simulate', protocol, '--endpoint', 'happiness', '--json']);
    assert.equal(endpoint.code, 1);
    assert.equal(errorOf(endpoint).code, 'endpoint_not_found');
    assert.match(errorOf(endpoint).advice ?? '', /acute-mood/);
    const drug = await bench.limen(['simulate', protocol, '--drug', 'much', '--json']);
    assert.equal(drug.code, 2);
    const broken = await bench.limen(['simulate', bench.file('broken.json', '{}'), '--json']);
    assert.equal(broken.code, 1);
    assert.equal(errorOf(broken).code, 'invalid_protocol');
  });
});

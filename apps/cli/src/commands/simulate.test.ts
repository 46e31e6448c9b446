import assert from 'node:assert/strict';
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

  it('refuses what cannot be simulated', async () => {
    const endpoint = await bench.limen(['simulate', protocol, '--endpoint', 'happiness', '--json']);
    assert.equal(endpoint.code, 1);
    assert.equal(errorOf(endpoint).code, 'endpoint_not_found');
    assert.match(errorOf(endpoint).advice ?? '', /acute-mood/);
    const drug = await bench.limen(['simulate', protocol, '--drug', 'much', '--json']);
    assert.equal(drug.code, 2);
    const broken = await bench.limen(['simulate', bench.file('broken.json', '{}'), '--json']);
    assert.equal(broken.code, 1);
    assert.equal(errorOf(broken).code, 'protocol_invalid');
  });
});

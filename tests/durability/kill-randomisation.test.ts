import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killRandomisations, type Target } from './kill-randomisation.ts';

const nothing = { lost: [], doubled: [], differing: [], gaps: [], unknown: [] };

const sentence: Record<Target, string> = {
  study: 'when the study server is killed while people are being randomised',
  vault: 'when the vault is killed while people are being randomised',
};

describe('everybody has one allocation, the same in both records', { skip: process.platform === 'win32' }, () => {
  for (const target of ['study', 'vault'] as const) {
    it(sentence[target], async () => {
      const report = await killRandomisations({ target, rounds: 3, peoplePerRound: 5 });
      assert.deepEqual(report.given, nothing);
      assert.deepEqual(report.faults, []);
      assert.equal(report.verified.ok, true);
      assert.equal(report.acknowledged, 15);
      assert.equal(report.released, 15, 'what is released follows from the committed seed');
    });
  }
});

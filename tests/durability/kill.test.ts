import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killRounds, type Target } from './kill.ts';

const nothing = { lost: [], doubled: [], unknown: [] };

const sentence: Record<Target, string> = {
  server: 'when the study server is killed while people are sending',
  postgres: 'when the database is killed with all its backends while people are sending',
};

describe('what was acknowledged is in the record once', { skip: process.platform === 'win32' }, () => {
  for (const target of ['server', 'postgres'] as const) {
    it(sentence[target], async () => {
      const report = await killRounds({ target, rounds: 3, participants: 12 });
      assert.deepEqual({ lost: report.lost, doubled: report.doubled, unknown: report.unknown }, nothing);
      assert.deepEqual(report.faults, []);
      assert.equal(report.verified.ok, true);
      assert.ok(report.acknowledged > 0 && report.answeredOnRetry > 0, JSON.stringify(report));
    });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Factor, ProtocolDocument } from './document.ts';
import { cutNames, levelsOf } from './factors.ts';

const factors: Factor[] = [
  { id: 'site', label: 'Site', from: { kind: 'site' } },
  { id: 'age', label: 'Age', from: { kind: 'number', item: 'age', cuts: [30, 50] } },
  { id: 'sex', label: 'Sex', from: { kind: 'choice', item: 'sex' } },
  {
    id: 'use',
    label: 'Earlier use',
    from: {
      kind: 'choice',
      item: 'psychedelicExperience',
      groups: [
        { label: 'naive', answers: ['none'] },
        { label: 'experienced', answers: ['once', 'twoToTen', 'moreThanTen'] },
      ],
    },
  },
];
const protocolOf = (...ids: string[]): Pick<ProtocolDocument, 'randomisation'> => ({
  randomisation: {
    procedure: {
      ...{ kind: 'minimisation', distance: 'range', favour: 4, against: 1 },
      factors: ids.map((id) => ({ id, weight: 1 })),
    },
    stratifyBy: [],
    factors,
  },
});
const levels = (answers: Record<string, unknown>, ...ids: string[]) => {
  const found = levelsOf(protocolOf(...ids), { siteId: 'basel', answers });
  return found.ok ? found.levels : `missing ${found.missing.id}`;
};

test('a level follows from the site, an answer, a group of answers, or the cut a number is under', () => {
  const answers = { age: 49, sex: 'female', psychedelicExperience: 'twoToTen' };
  assert.deepEqual(levels(answers, 'site', 'age', 'sex', 'use'), {
    ...{ site: 'basel', age: '30 to under 50', sex: 'female', use: 'experienced' },
  });
  assert.deepEqual(levels({ age: 29.5 }, 'age'), { age: 'under 30' });
  assert.deepEqual(levels({ age: 30 }, 'age'), { age: '30 to under 50' });
  assert.deepEqual(levels({ age: 50 }, 'age'), { age: '50 and over' });
  assert.deepEqual(cutNames([40]), ['under 40', '40 and over']);
});

test('without an answer, or with one of another kind, the factor is named', () => {
  for (const [answers, id] of [
    [{}, 'age'],
    [{ age: null }, 'age'],
    [{ age: '40' }, 'age'],
    [{ sex: ['female'] }, 'sex'],
    [{ psychedelicExperience: 'often' }, 'use'],
  ] as const) {
    assert.equal(levels(answers, id), `missing ${id}`);
  }
});

test('only what the procedure looks at is told', () => {
  assert.deepEqual(levels({ age: 20, sex: 'male' }, 'age'), { age: 'under 30' });
  const bigStick = { procedure: { kind: 'bigStick', tolerance: 3 } as const, stratifyBy: [], factors };
  assert.deepEqual(levelsOf({ randomisation: bigStick }, { siteId: 'basel', answers: {} }), { ok: true, levels: {} });
});

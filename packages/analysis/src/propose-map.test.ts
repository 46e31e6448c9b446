import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formulaOf, type MapDraft, mapOfDraft, missingParts, profileOf, proposeMap } from './propose-map.ts';
import { analyseTable } from './table.ts';
import { readMap } from './table-map.ts';

/** Two outcomes of twelve people at three time points, in a parallel trial. */
function madeUp() {
  const rows = Array.from({ length: 12 }, (_, person) =>
    ['w1', 'w2', 'w3'].flatMap((visit, week) =>
      ['mood', 'focus'].map((outcome, which) => ({
        SUBJID: `p${person + 1}`,
        AVISIT: visit,
        PARAM: outcome,
        AVAL: String(20 + ((person * 7 + week * 5 + which * 3) % 11) + (person % 2)),
        ARM: person % 2 === 0 ? 'Placebo' : 'LSD 10 ug',
        'guess of arm': ['Placebo', 'LSD 10 ug', "don't know"][(person + week) % 3] ?? '',
        AGE: String(21 + person),
      })),
    ),
  ).flat();
  const names = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

describe('the map of a table that nobody has described', () => {
  const columns = madeUp();
  const profiles = profileOf(columns);
  const draft = proposeMap(profiles);

  it('is proposed from names and values', () => {
    const { participant, time, outcome, value, condition, active, reference, guess } = draft;
    assert.deepEqual(
      [participant, time, outcome, value, condition, active, reference, guess],
      ['SUBJID', 'AVISIT', 'PARAM', 'AVAL', 'ARM', 'LSD 10 ug', 'Placebo', 'guess of arm'],
    );
    assert.deepEqual(
      [draft.guessActive, draft.guessPlacebo, draft.guessUnsure],
      ['LSD 10 ug', 'Placebo', "don't know"],
    );
    assert.deepEqual(missingParts(draft), []);
  });

  it('analyses the table, a column with spaces in its name included', () => {
    const chosen: MapDraft = { ...draft, primary: ['mood'], numbers: ['AGE'] };
    assert.equal(formulaOf(chosen), 'AVAL ~ ARM + AGE + (1 | SUBJID)');
    const map = mapOfDraft(chosen, 'Twelve people', ['mood', 'focus']);
    assert.doesNotThrow(() => readMap(map));
    const { results } = analyseTable({ columns, map });
    assert.equal(results.participants, 12);
    assert.deepEqual(
      results.outcomes.map(({ id, level, unadjusted }) => [id, level, unadjusted.status]),
      [
        ['mood', 'primary', 'fitted'],
        ['focus', 'exploratory', 'fitted'],
      ],
    );
    assert.equal(results.blinding[0]?.overall.guesses, 36);
  });

  it('proposes nothing that only the name or only the values suggest', () => {
    const odd = proposeMap(
      profileOf({ arm: ['a', 'b', 'c'], value: ['low', 'high', 'low'], x: ['1', '2', ''], guess: ['p', 'q', 'p'] }),
    );
    assert.equal(odd.condition, null, 'three arms');
    assert.equal(odd.value, null, 'words');
    assert.deepEqual(
      [odd.guess, odd.guessActive, odd.guessPlacebo],
      ['guess', null, null],
      'nobody says which is which',
    );
    const without: MapDraft = { ...odd, guess: null };
    assert.deepEqual(missingParts(without), [
      'participant',
      'time',
      'outcome',
      'value',
      'condition',
      'active',
      'reference',
    ]);
    assert.ok(missingParts(odd).includes('guessActive'));
  });

  it('counts empty cells as empty, and long lists of values as no levels', () => {
    const [few, many] = profileOf({
      few: ['1', 'NA', '', '2'],
      many: Array.from({ length: 300 }, (_, at) => `v${at}`),
    });
    assert.deepEqual(few, { name: 'few', filled: 2, numeric: true, levels: ['1', '2'] });
    assert.equal(many?.levels, null);
  });

  it('writes a name that is no word between backticks', () => {
    const spaced: MapDraft = { ...draft, value: 'total score', levels: ['site no'] };
    assert.equal(formulaOf(spaced), '`total score` ~ ARM + `site no` + (1 | SUBJID)');
  });
});

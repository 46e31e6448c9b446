import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyseTable, mapFormat, type Outcome, summary, type TableInput } from './index.ts';

const dataFile = new URL('../../../../shared/data/self-blinding-2021/pacutes.csv', import.meta.url);
const mapFile = new URL('../../../protocols/maps/self-blinding-2021.json', import.meta.url);
const skip = existsSync(dataFile) ? false : 'the trial data are not beside the repository';

function near(found: number | undefined, expected: number, tolerance: number, what: string): void {
  assert.ok(found !== undefined && Math.abs(found - expected) <= tolerance, `${what}: ${found} instead of ${expected}`);
}

/** Plain commas: this file has no quoted cells. */
function published(): TableInput {
  const [header = '', ...lines] = readFileSync(dataFile, 'utf8').trim().split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  const columns = Object.fromEntries(
    header.split(',').map((name, place) => [name, cells.map((row) => row[place] ?? '')]),
  );
  return { columns, map: JSON.parse(readFileSync(mapFile, 'utf8')) };
}

/** Outcome, rows, estimate, SE, df, p, with guess, SE, guess, SE, REML criterion: R 4.2.2, lme4 1.1-31, lmerTest 3.1-3. */
const reference = [
  ['PANAS', 847, 2.2193, 0.7164, 842.7, 0.002015, 0.9389, 0.7107, 5.4668, 0.6898, 6280.062],
  ['positive', 847, 1.9543, 0.5185, 833.5, 0.0001755, 0.8043, 0.5007, 4.9788, 0.4799, 5739.89],
  ['negative', 847, -0.3738, 0.3608, 829.0, 0.3005, -0.2588, 0.3703, -0.4857, 0.3552, 5131.57],
  ['intensity', 844, 12.4947, 1.5376, 796.2, 1.688e-15, 3.3903, 0.9822, 36.6341, 0.9775, 7563.895],
  ['energy', 847, 5.2747, 1.4108, 831.3, 0.0001975, 2.443, 1.3938, 12.0005, 1.3687, 7415.602],
  ['mood', 847, 4.5493, 1.4513, 834.3, 0.001781, 1.541, 1.4274, 12.8445, 1.4051, 7474.168],
  ['creativity', 847, 4.6639, 1.3349, 830.5, 0.0005013, 1.8316, 1.314, 11.8364, 1.2965, 7335.122],
] as const;

test('the self-blinding trial of 2021 gives the numbers of its authors’ models', { skip }, () => {
  const { results, html } = analyseTable(published());
  for (const [id, n, estimate, se, df, p, withGuess, withSe, guess, guessSe, criterion] of reference) {
    const outcome = results.outcomes.find((one) => one.id === id);
    assert.ok(outcome?.unadjusted.status === 'fitted' && outcome.withGuess.status === 'fitted', id);
    const [contrast] = outcome.contrasts;
    assert.equal(outcome.unadjusted.rows, n, id);
    near(contrast?.unadjusted?.estimate, estimate, 6e-5, `${id} estimate`);
    near(contrast?.unadjusted?.standardError, se, 6e-5, `${id} SE`);
    near(contrast?.unadjusted?.df, df, 0.06, `${id} df`);
    near(contrast?.unadjusted?.p, p, 6e-4 * p, `${id} p`);
    near(contrast?.withGuess?.estimate, withGuess, 6e-5, `${id} with guess`);
    near(contrast?.withGuess?.standardError, withSe, 6e-5, `${id} with guess, SE`);
    const term = outcome.withGuess.terms.find((one) => one.term === 'guessMD');
    near(term?.estimate, guess, 6e-5, `${id} guess`);
    near(term?.standardError, guessSe, 6e-5, `${id} guess, SE`);
    near(outcome.unadjusted.criterion, criterion, 6e-4, `${id} criterion`);
  }
  assert.equal(results.outcomes.length, 20);
  assert.ok(
    results.outcomes.every(
      ({ unadjusted, withGuess }) => unadjusted.status === 'fitted' && withGuess.status === 'fitted',
    ),
  );
  const week1 = results.blinding[0]?.timePoints[0];
  assert.deepEqual(week1?.counts, {
    active: { active: 48, placebo: 43, unsure: 0 },
    placebo: { active: 39, placebo: 102, unsure: 0 },
  });
  const value = (one: object | undefined, key: 'value' | 'standardError') => (one as Record<string, number>)[key];
  near(value(week1?.bang.active, 'value'), 0.0549, 6e-5, 'Bang, micro-dose');
  near(value(week1?.bang.active, 'standardError'), 0.1047, 6e-5, 'Bang, micro-dose, SE');
  near(value(week1?.bang.placebo, 'value'), 0.4468, 6e-5, 'Bang, placebo');
  near(value(week1?.bang.placebo, 'standardError'), 0.0753, 6e-5, 'Bang, placebo, SE');
  near(value(week1?.james, 'value'), 0.3736, 6e-5, 'James');
  near(value(week1?.james, 'standardError'), 0.0324, 6e-5, 'James, SE');
  near(value(week1?.correct, 'value'), 0.6466, 6e-5, 'correct-guess rate');
  assert.match(html, /<title>Self-blinding micro-dose trial/);
  assert.ok(summary(results).some((line) => line.includes('58% smaller')));
});

const map = {
  format: mapFormat,
  title: 'A small trial',
  participant: 'id',
  time: 'week',
  outcome: { name: 'test', value: 'score', primary: ['mood', 'energy'] },
  condition: { column: 'content', active: 'A', reference: 'P' },
  guess: { column: 'said', active: 'A', placebo: 'P', unsure: '?' },
  covariates: { numbers: ['age'] },
  models: { default: ['score ~ content + age + (1 | id)'] },
  blinding: [{ id: 'day', label: 'Capsule', outcome: 'mood' }],
};

function small(): Record<string, string | number | null>[] {
  const rows: Record<string, string | number | null>[] = [];
  for (let person = 0; person < 12; person += 1) {
    for (const week of ['w1', 'w2']) {
      for (const outcome of ['mood', 'energy']) {
        const content = (person + (week === 'w1' ? 0 : 1)) % 2 === 0 ? 'A' : 'P';
        const said = ['A', 'P', content, '?'][(person * 7 + (week === 'w1' ? 1 : 2)) % 4] ?? '?';
        const score =
          40 +
          ((person * 37 + (week === 'w1' ? 11 : 5) * (outcome === 'mood' ? 3 : 7)) % 23) +
          (content === 'A' ? 4 : 0);
        rows.push({ id: `p${person}`, week, test: outcome, score, content, said, age: 20 + ((person * 5) % 17) });
      }
    }
  }
  return rows;
}

const first = (outcomes: readonly Outcome[]): Outcome => {
  const [outcome] = outcomes;
  assert.ok(outcome);
  return outcome;
};

test('the same table gives the same bytes, as rows or as columns', () => {
  const rows = small();
  const names = Object.keys(rows[0] ?? {});
  const columns = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)]));
  const one = analyseTable({ rows, map });
  const other = analyseTable({ columns, map });
  assert.equal(JSON.stringify(one.results), JSON.stringify(other.results));
  assert.equal(one.html, other.html);
});

test('several primary outcomes are adjusted after Holm', () => {
  const { results } = analyseTable({ rows: small(), map });
  const ps = results.outcomes.map(({ contrasts }) => contrasts[0]?.unadjusted?.p ?? Number.NaN);
  const adjusted = results.outcomes.map(({ adjustedP }) => adjustedP);
  const smaller = Math.min(...ps);
  const larger = Math.max(...ps);
  const expected = ps.map((p) => (p === smaller ? Math.min(1, 2 * p) : Math.max(Math.min(1, 2 * smaller), larger)));
  assert.deepEqual(adjusted, expected);
});

test('strata below 15 rows are marked', () => {
  const outcome = first(analyseTable({ rows: small(), map }).results.outcomes);
  assert.equal(outcome.strata.tooSmall, true);
  assert.match(outcome.notes.join(' '), /fewer than 15/);
});

test('the curve at the observed rate is the raw difference where everybody guessed surely', () => {
  const rows = small().filter(({ said }) => said !== '?');
  const { curve, groups } = first(analyseTable({ rows, map }).results.outcomes);
  assert.ok(curve.status === 'drawn');
  const mean = (level: string) => groups.find((group) => group.level === level)?.mean ?? Number.NaN;
  near(curve.observedDifference, mean('A') - mean('P'), 1e-12, 'raw difference');
});

test('a constant outcome and an empty stratum are reported, not computed', () => {
  const constant = small().map((row) => ({ ...row, score: 7 }));
  const { unadjusted, contrasts } = first(analyseTable({ rows: constant, map }).results.outcomes);
  assert.ok(unadjusted.status === 'failed');
  assert.equal(unadjusted.code, 'constant_response');
  assert.equal(contrasts.length, 0);
  const knowing = small().map((row) => ({ ...row, said: String(row.content) }));
  const { html, results } = analyseTable({ rows: knowing, map });
  const { withGuess, curve } = first(results.outcomes);
  assert.ok(withGuess.status === 'failed');
  assert.equal(withGuess.code, 'rank_deficient');
  assert.ok(curve.status === 'notDrawn' || curve.atHalf === null);
  assert.match(html, /rank_deficient/);
  assert.doesNotMatch(html, /NaN|Infinity|undefined/);
});

test('faults of the table are told with row and column', () => {
  const rows = small();
  const broken = (index: number, change: object) => rows.map((row, at) => (at === index ? { ...row, ...change } : row));
  const refused = (input: TableInput, code: string, words: RegExp) =>
    assert.throws(
      () => analyseTable(input),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, words);
        return true;
      },
    );
  refused({ rows: rows.map(({ said: _, ...rest }) => rest), map }, 'column_missing', /“said”/);
  refused({ rows: broken(4, { score: '12,5' }), map }, 'value_not_numeric', /row 5, column “score”: “12,5”/);
  refused({ rows: broken(4, { score: 'x' }), lines: rows.map((_, at) => at + 2), map }, 'value_not_numeric', /row 6/);
  refused({ rows: broken(0, { content: 'B' }), map }, 'level_unknown', /row 1, column “content”: “B”/);
  refused({ rows: broken(2, { said: 'maybe' }), map }, 'level_unknown', /row 3, column “said”/);
  refused({ rows: broken(3, { id: '' }), map }, 'value_missing', /row 4, column “id”/);
  refused({ rows: [...rows, ...rows.slice(0, 1)], map }, 'measured_twice', /row 49 and row 1/);
  refused({ rows, map: { ...map, condition: { ...map.condition, changes: false } } }, 'condition_changes', /row 3/);
  refused({ rows: [], map }, 'column_missing', /“id”/);
  refused({ columns: { id: [] }, map: { ...map, time: 'id' } }, 'column_missing', /“test”/);
  refused({ rows, map: { ...map, title: '' } }, 'map_malformed', /title/);
  refused({ rows, map: { ...map, models: {} } }, 'map_malformed', /models/);
  refused({ rows, map: [] }, 'map_malformed', /map/);
  refused({ rows: broken(4, { score: '12,5' }), map }, 'value_not_numeric', /decimal comma/);
});

test('all faults of a table are told at once, each with its row; beyond twenty they are counted', () => {
  const rows = small().map((row, at) => ({
    ...row,
    score: at === 4 || at === 7 ? '1,5' : row.score,
    content: at === 9 ? 'B' : row.content,
    said: at === 4 ? 'maybe' : row.said,
  }));
  const message = (given: TableInput) => {
    try {
      analyseTable(given);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail('the table was taken');
  };
  const several = message({ rows: [...rows, rows[0] ?? {}] as never, map });
  for (const words of [
    /row 5, column “score”/,
    /row 5, column “said”: “maybe”/,
    /row 8, column “score”/,
    /row 10, column “content”/,
    /row 49 and row 1/,
  ])
    assert.match(several, words);
  assert.match(message({ rows: small().map((row) => ({ ...row, score: 'x' })), map }), /row 20, .*and 28 more/);
});

test('what is odd about a readable table is said with its rows, and a part of the plan is marked as one', () => {
  const codes = (given: TableInput) => {
    const { results, html } = analyseTable(given);
    return { results, html, found: new Map(results.findings.map((one) => [one.code, one])) };
  };
  const plain = codes({ rows: small(), map });
  assert.equal(plain.results.partial, false);
  assert.ok(plain.found.has('small_stratum') && !plain.html.includes('Partial result'));
  assert.ok(plain.html.includes('Findings about the data'));

  const timed = small().map((row, at) => ({
    ...row,
    asked: at === 2 ? '2026-01-01T09:00Z' : '2026-01-01T11:00Z',
    done: '2026-01-01T10:00Z',
  }));
  const early = codes({
    rows: timed,
    map: { ...map, guess: { ...map.guess, answeredAt: 'asked' }, outcome: { ...map.outcome, answeredAt: 'done' } },
    lines: timed.map((_, at) => at + 2),
  });
  assert.deepEqual(early.found.get('guess_before_outcome')?.rows, ['row 4']);

  const late = { rows: [{ ...timed[0], asked: 'soon' }, ...timed.slice(1)] as never };
  assert.throws(
    () =>
      analyseTable({
        ...late,
        map: { ...map, guess: { ...map.guess, answeredAt: 'asked' } },
      }),
    /row 1, column “asked”: “soon”/,
  );

  const constant = codes({ rows: small().map((row) => (row.content === 'P' ? { ...row, score: 7 } : row)), map });
  assert.match(constant.found.get('constant_in_arm')?.message ?? '', /7 in every row/);

  const empty = codes({ rows: small().map((row) => (row.content === 'P' ? { ...row, said: 'P' } : row)), map });
  assert.ok(empty.found.has('empty_stratum'));

  const absent = codes({
    rows: small(),
    map: { ...map, time: { column: map.time, labels: { 'week 99': 'Week 99' } } } as never,
  });
  assert.match(absent.found.get('time_point_missing')?.message ?? '', /week 99/);

  const failing = codes({ rows: small(), map: { ...map, models: { default: ['score ~ content + nobody'] } } });
  assert.deepEqual([failing.results.partial, failing.found.has('model_failed')], [true, true]);
  assert.ok(failing.html.includes('Partial result'));

  const elsewhere = codes({
    rows: small(),
    map: { ...map, outcome: { ...map.outcome, primary: ['mood', 'nowhere'] } },
  });
  assert.match(elsewhere.found.get('outcome_missing')?.message ?? '', /“nowhere”/);
  assert.equal(elsewhere.results.partial, true);

  const { guess: _, ...without } = map;
  const unasked = codes({ rows: small().map(({ said: __, ...rest }) => rest), map: { ...without, blinding: [] } });
  assert.equal(unasked.results.partial, false);
  assert.ok(unasked.html.includes('Nothing is known of the blinding'));
});

test('a missing outcome value leaves its row out, a missing guess only the models that need it', () => {
  const rows = small().map(
    (row, at): Record<string, string | number | null> => ({
      ...row,
      score: at === 0 ? 'NA' : (row.score ?? null),
      said: at === 4 ? '' : (row.said ?? null),
    }),
  );
  const { unadjusted, withGuess } = first(analyseTable({ rows, map }).results.outcomes);
  assert.ok(unadjusted.status === 'fitted' && withGuess.status === 'fitted');
  assert.deepEqual([unadjusted.rows, withGuess.rows, withGuess.rowsDropped], [23, 22, 1]);
});

test('text from the table and the map cannot become markup', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&</style><script>';
  const rows = small().map((row) => ({ ...row, week: `${hostile}${row.week}` }));
  const { html } = analyseTable({ rows, map: { ...map, title: hostile, sources: [hostile] } });
  assert.doesNotMatch(html, /<img|<script|onerror=alert\(1\)>/);
  assert.equal(html.match(/<\/style>/g)?.length, 1);
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { mapsFolder, root } from '../places.ts';
import { documentOf, errorOf, openBench } from '../test-limen.ts';

const trial = path.join(root, '../shared/data/self-blinding-2021/pacutes.csv');
const absent = existsSync(trial) ? false : 'the table of the self-blinding trial is not beside this repository';

/** The authors' models in R 4.2.2 with lme4 1.1-31 and lmerTest 3.1-3: README of the table. */
const published = [
  // outcome, rows, MD - PL, SE, df, with guess, its SE, guess, its SE, REML criterion
  ['PANAS', 847, 2.2193, 0.7164, 842.7, 0.9389, 0.7107, 5.4668, 0.6898, 6280.062],
  ['positive', 847, 1.9543, 0.5185, 833.5, 0.8043, 0.5007, 4.9788, 0.4799, 5739.89],
  ['negative', 847, -0.3738, 0.3608, 829.0, -0.2588, 0.3703, -0.4857, 0.3552, 5131.57],
  ['intensity', 844, 12.4947, 1.5376, 796.2, 3.3903, 0.9822, 36.6341, 0.9775, 7563.895],
  ['energy', 847, 5.2747, 1.4108, 831.3, 2.443, 1.3938, 12.0005, 1.3687, 7415.602],
  ['mood', 847, 4.5493, 1.4513, 834.3, 1.541, 1.4274, 12.8445, 1.4051, 7474.168],
  ['creativity', 847, 4.6639, 1.3349, 830.5, 1.8316, 1.314, 11.8364, 1.2965, 7335.122],
] as const;
const publishedP: Readonly<Record<string, number>> = {
  PANAS: 0.002015,
  positive: 0.0001755,
  negative: 0.3005,
  intensity: 1.688e-15,
  energy: 0.0001975,
  mood: 0.001781,
  creativity: 0.0005013,
};

type Estimate = { term: string; estimate: number; standardError: number; df: number; p: number };
type Valued = { value: number; standardError: number };
type Results = {
  outcomes: {
    id: string;
    unadjusted: { rows: number; criterion: number };
    withGuess: { terms: Estimate[] };
    contrasts: { unadjusted: Estimate; withGuess: Estimate }[];
  }[];
  blinding: {
    id: string;
    timePoints: {
      label: string;
      counts: Record<'active' | 'placebo', Record<'active' | 'placebo', number>>;
      bang: Record<'active' | 'placebo', Valued>;
      james: Valued;
      correct: Valued;
    }[];
  }[];
};

const near = (found: number | undefined, wanted: number, within: number, what: string) =>
  assert.ok(
    found !== undefined && Math.abs(found - wanted) <= within,
    `${what}: ${found}, published ${wanted} within ${within}`,
  );

/** Half a unit of the last printed digit may be lost on top. */
const tolerance = { estimate: 1e-4, criterion: 1e-3, df: 0.1, index: 1e-4, pRelative: 1e-3 } as const;

describe('limen analyse, on the published self-blinding trial', { skip: absent }, () => {
  const bench = openBench();
  after(() => bench.clear());

  it('gives every published number, writes the report, and the same bytes again', async () => {
    const words = (out: string) => ['analyse', trial, '--map', 'self-blinding-2021', '--json', '--out', out];
    const [answer, again] = await Promise.all([
      bench.limen(words(bench.place('report.html'))),
      bench.limen(words(bench.place('again.html'))),
    ]);
    assert.equal(answer.code, 0, answer.err);
    assert.equal(answer.err, '');
    assert.equal(answer.out, again.out);
    const report = readFileSync(bench.place('report.html'), 'utf8');
    assert.match(report, /^<!doctype html>/i);
    assert.equal(report, readFileSync(bench.place('again.html'), 'utf8'));

    const results = documentOf(answer) as unknown as Results;
    for (const [id, rows, estimate, se, df, guessed, guessedSe, guess, guessSe, criterion] of published) {
      const outcome = results.outcomes.find((one) => one.id === id);
      const contrast = outcome?.contrasts[0];
      assert.equal(outcome?.unadjusted.rows, rows, id);
      near(contrast?.unadjusted.estimate, estimate, tolerance.estimate, `${id}, estimate`);
      near(contrast?.unadjusted.standardError, se, tolerance.estimate, `${id}, SE`);
      near(contrast?.unadjusted.df, df, tolerance.df, `${id}, df`);
      near(outcome?.unadjusted.criterion, criterion, tolerance.criterion, `${id}, REML criterion`);
      const p = publishedP[id] ?? Number.NaN;
      near(contrast?.unadjusted.p, p, p * tolerance.pRelative, `${id}, p`);
      near(contrast?.withGuess.estimate, guessed, tolerance.estimate, `${id}, with guess`);
      near(contrast?.withGuess.standardError, guessedSe, tolerance.estimate, `${id}, SE with guess`);
      const term = outcome?.withGuess.terms.find((one) => one.term.startsWith('guess'));
      near(term?.estimate, guess, tolerance.estimate, `${id}, guess`);
      near(term?.standardError, guessSe, tolerance.estimate, `${id}, SE of the guess`);
    }

    const week = results.blinding
      .find((one) => one.id === 'acute')
      ?.timePoints.find((one) => one.label === 'week 1, acute');
    assert.deepEqual(
      [
        week?.counts.active.active,
        week?.counts.active.placebo,
        week?.counts.placebo.active,
        week?.counts.placebo.placebo,
      ],
      [48, 43, 39, 102],
    );
    near(week?.bang.active.value, 0.0549, tolerance.index, 'Bang, micro-dose');
    near(week?.bang.active.standardError, 0.1047, tolerance.index, 'SE of Bang, micro-dose');
    near(week?.bang.placebo.value, 0.4468, tolerance.index, 'Bang, placebo');
    near(week?.bang.placebo.standardError, 0.0753, tolerance.index, 'SE of Bang, placebo');
    near(week?.james.value, 0.3736, tolerance.index, 'James');
    near(week?.james.standardError, 0.0324, tolerance.index, 'SE of James');
    near(week?.correct.value, 0.6466, tolerance.index, 'correct-guess rate');
  });
});

/** A made-up table with the columns of the library's map, large enough to be fitted. */
function madeUpTable(): string {
  const lines = ['trial_id,test_name,tp,condition,guess,value,age,sex,psychiatric_past,sss,expectation'];
  for (let person = 1; person <= 24; person += 1) {
    for (const [index, time] of ['w1s1', 'w2s1', 'w3s1', 'w4s1'].entries()) {
      const active = (person + index) % 2 === 0;
      const guessed = (person * 7 + index * 3) % 5 < 2 ? !active : active;
      const value = 20 + ((person * 13 + index * 5) % 17) + (active ? 2 : 0) + (guessed ? 3 : 0);
      const sex = person % 2 ? 'male' : 'female';
      lines.push(
        [
          person,
          'mood',
          time,
          active ? 'MD' : 'PL',
          guessed ? 'MD' : 'PL',
          value,
          20 + person,
          sex,
          person % 3,
          30,
          40 + person,
        ].join(),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

describe('limen analyse, on tables that are not right', () => {
  const bench = openBench();
  after(() => bench.clear());
  const map = JSON.parse(readFileSync(path.join(mapsFolder, 'self-blinding-2021.json'), 'utf8'));
  const table = madeUpTable();
  const good = () => bench.file('good.csv', table);
  const ownMap = (name: string, change: Record<string, unknown>) =>
    bench.file(name, JSON.stringify({ ...map, blinding: [], ...change }));

  it('analyses a made-up table, so that the refusals below have another cause', async () => {
    const { code, out, err } = await bench.limen(['analyse', good(), '--map', ownMap('good.json', {})]);
    assert.equal(code, 0, err);
    assert.match(out, /^mood +96 /m);
    assert.match(out, /^PARTIAL RESULT/m);
    assert.match(out, /^Finding: The map names outcomes that no row has: “PANAS”/m);
    assert.ok(existsSync(bench.place('report.html')));
  });

  it('reads UTF-16 with its mark, and semicolons', async () => {
    const text = `\uFEFF${table.replaceAll(',', ';')}`;
    const file = bench.file('wide.csv', Buffer.from(text, 'utf16le'));
    const { code, err } = await bench.limen(['analyse', file, '--map', ownMap('wide.json', {})]);
    assert.equal(code, 0, err);
  });

  for (const { what, words, code, message, advice } of [
    {
      what: 'a missing column, by name',
      words: () => [good(), '--map', ownMap('column.json', { guess: { ...map.guess, column: 'belief' } })],
      code: 'column_missing',
      message: /“belief”/,
      advice: /The table has: trial_id, test_name/,
    },
    {
      what: 'a value that is not a number, by row and column',
      words: () => [
        bench.file('bad.csv', table.replace(/^1,mood,w2s1,([A-Z]+),([A-Z]+),\d+,/m, '1,mood,w2s1,$1,$2,high,')),
        '--map',
        ownMap('value.json', {}),
      ],
      code: 'value_not_numeric',
      message: /row 3, column “value”: “high”/,
      advice: /missing/,
    },
    {
      what: 'a picture with the name of a table',
      words: () => [
        bench.file('picture.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
        '--map',
        'self-blinding-2021',
      ],
      code: 'csv_not_text',
      message: /is not a text file; save the table as CSV/,
      advice: null,
    },
    {
      what: 'a spreadsheet, by its name',
      words: () => [bench.file('trial.xlsx', 'PK'), '--map', 'self-blinding-2021'],
      code: 'wrong_file_type',
      message: /trial\.xlsx is not a CSV file/,
      advice: /Save the table as CSV/,
    },
    {
      what: 'letters of another encoding, by line',
      words: () => [
        bench.file('latin.csv', Buffer.from('a,b\n1,caf\u00e9\n', 'latin1')),
        '--map',
        'self-blinding-2021',
      ],
      code: 'csv_encoding',
      message: /CSV UTF-8.*line 2 holds a letter of another encoding/,
      advice: null,
    },
    {
      what: 'an empty file',
      words: () => [bench.file('empty.csv', ''), '--map', 'self-blinding-2021'],
      code: 'csv_empty',
      message: /first line must name the columns/,
      advice: null,
    },
    {
      what: 'a map that is not in the library',
      words: () => [good(), '--map', 'my-map'],
      code: 'map_not_found',
      message: /no map “my-map”/,
      advice: /self-blinding-2021/,
    },
    {
      what: 'a map file that is not there',
      words: () => [good(), '--map', './nowhere.json'],
      code: 'file_not_found',
      message: /nowhere\.json/,
      advice: /Check the path/,
    },
    {
      what: 'a map that is not JSON',
      words: () => [good(), '--map', bench.file('broken.json', '{ "format": ')],
      code: 'map_invalid',
      message: /broken\.json is not JSON/,
      advice: /protocols\/maps/,
    },
    {
      what: 'a report in a folder that is not there, before the fitting',
      words: () => [good(), '--map', ownMap('out.json', {}), '--out', bench.place('nowhere/report.html')],
      code: 'file_not_found',
      message: /nowhere/,
      advice: /Check the path/,
    },
  ]) {
    it(`refuses ${what}`, async () => {
      const given = ['analyse', ...words()];
      const [plain, json] = await Promise.all([bench.limen(given), bench.limen([...given, '--json'])]);
      assert.equal(plain.code, 1, plain.out);
      assert.equal(plain.out, '');
      assert.doesNotMatch(plain.err, /\n {4}at /, 'no stack trace');
      assert.equal(json.code, 1);
      assert.equal(errorOf(json).code, code);
      assert.match(errorOf(json).message, message);
      if (advice !== null) assert.match(errorOf(json).advice ?? '', advice);
      assert.equal(json.err, '');
    });
  }
});

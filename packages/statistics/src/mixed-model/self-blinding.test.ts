/** The published self-blinding trial: every model of the data folder's README, fitted by R's lme4 and lmerTest. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fitLinearMixedModel } from './fit.ts';

const file = new URL('../../../../../shared/data/self-blinding-2021/pacutes.csv', import.meta.url);
const skip = existsSync(file) ? false : 'the trial data are not on this machine';

const expectation = 'value ~ condition + expectation + psychiatric_past + (1 | trial_id)';
/** Outcome, model, n, difference, error, df, p, then with the guess: difference, error, guess, error; REML criterion. */
const published = [
  ['PANAS', expectation, 847, 2.2193, 0.7164, 842.7, 0.002015, 0.9389, 0.7107, 5.4668, 0.6898, 6280.062],
  ['positive', expectation, 847, 1.9543, 0.5185, 833.5, 0.0001755, 0.8043, 0.5007, 4.9788, 0.4799, 5739.89],
  ['negative', expectation, 847, -0.3738, 0.3608, 829.0, 0.3005, -0.2588, 0.3703, -0.4857, 0.3552, 5131.57],
  [
    'intensity',
    'value ~ condition + expectation + (1 | trial_id)',
    844,
    12.4947,
    1.5376,
    796.2,
    1.688e-15,
    3.3903,
    0.9822,
    36.6341,
    0.9775,
    7563.895,
  ],
  [
    'energy',
    'value ~ condition + expectation + psychiatric_past + sex + (1 | trial_id)',
    847,
    5.2747,
    1.4108,
    831.3,
    0.0001975,
    2.443,
    1.3938,
    12.0005,
    1.3687,
    7415.602,
  ],
  ['mood', expectation, 847, 4.5493, 1.4513, 834.3, 0.001781, 1.541, 1.4274, 12.8445, 1.4051, 7474.168],
  ['creativity', expectation, 847, 4.6639, 1.3349, 830.5, 0.0005013, 1.8316, 1.314, 11.8364, 1.2965, 7335.122],
] as const;

const numbers = new Set(['value', 'expectation', 'psychiatric_past']);

function columnsOf(outcome: string): Record<string, (string | number | null)[]> {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = head.split(',');
  const rows = lines.map((line) => line.split(',')).filter((cells) => cells[1] === outcome && cells[2]?.endsWith('s1'));
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      rows.map((cells) => {
        const cell = cells[index] ?? '';
        if (cell === '' || cell === 'NA') return null;
        return numbers.has(name) ? Number(cell) : cell;
      }),
    ]),
  );
}

for (const [outcome, formula, n, md, se, df, p, mdGuess, seGuess, guess, guessSe, criterion] of published) {
  test(`${outcome}: the estimates of the self-blinding trial`, { skip }, () => {
    const data = columnsOf(outcome);
    const reference = { condition: 'PL', guess: 'PL' };
    const near = (found: number | undefined, expected: number, within: number) =>
      assert.ok(found !== undefined && Math.abs(found - expected) <= within, `${found} is not ${expected}`);
    const plain = fitLinearMixedModel({ formula, data, reference });
    assert.equal(plain.rowsUsed, n);
    near(plain.terms[1]?.estimate, md, 1e-4);
    near(plain.terms[1]?.standardError, se, 1e-4);
    near(plain.terms[1]?.df, df, 0.1);
    near(plain.terms[1]?.p, p, p * 1e-3);
    near(plain.criterion, criterion, 1e-3);
    const guessed = fitLinearMixedModel({
      formula: formula.replace('condition', 'condition + guess'),
      data,
      reference,
    });
    near(guessed.terms[1]?.estimate, mdGuess, 1e-4);
    near(guessed.terms[1]?.standardError, seGuess, 1e-4);
    near(guessed.terms[2]?.estimate, guess, 1e-4);
    near(guessed.terms[2]?.standardError, guessSe, 1e-4);
  });
}

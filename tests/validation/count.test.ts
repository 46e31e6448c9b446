/** The table of validation/README.md says what the references hold. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { counted, table } from '../../validation/count.ts';

test('validation/README.md counts the fits that its references hold, at least 60 on at least 12 data sets', () => {
  const rows = counted();
  const readme = readFileSync(new URL('../../validation/README.md', import.meta.url), 'utf8');
  assert.ok(readme.includes(table(rows)), `run: node validation/count.ts\n${table(rows)}`);
  const models = rows.filter(({ reference }) => /mixed-models|mmrm/.test(reference));
  const sum = (of: (row: (typeof models)[number]) => number) => models.reduce((total, row) => total + of(row), 0);
  assert.ok(sum(({ fits }) => fits) >= 60 && sum(({ sets }) => sets) >= 12);
});

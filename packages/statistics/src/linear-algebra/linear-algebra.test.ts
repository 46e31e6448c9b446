import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { philox } from '../random/philox.ts';
import { cholesky, inverseFromCholesky, logDeterminant, solveCholesky } from './cholesky.ts';
import { fromColumns, fromRows, identity, type Matrix, multiply, toRows, transpose, zeros } from './matrix.ts';
import { qr, solveUpper } from './qr.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

function near(found: Matrix, expected: Matrix, within = 1e-10): void {
  assert.deepEqual([found.rows, found.columns], [expected.rows, expected.columns]);
  found.values.forEach((value, k) => {
    assert.ok(Math.abs(value - (expected.values[k] as number)) <= within, `${value} is not ${expected.values[k]}`);
  });
}

function drawn(seed: number, rows: number, columns: number): Matrix {
  const random = philox(`matrix ${seed}`);
  return { ...zeros(rows, columns), values: Float64Array.from({ length: rows * columns }, () => random.normal(0, 1)) };
}

const seeds = fc.nat(10_000);
const order = fc.integer({ min: 1, max: 7 });

test('Cholesky’s factor solves, inverts and gives the determinant', () => {
  const a = fromRows([
    [4, 2],
    [2, 3],
  ]);
  const l = cholesky(a);
  assert.ok(l);
  near(
    l,
    fromRows([
      [2, 0],
      [1, Math.SQRT2],
    ]),
    1e-15,
  );
  assert.ok(Math.abs(logDeterminant(l) - Math.log(8)) < 1e-15);
  fc.assert(
    fc.property(seeds, order, (seed, n) => {
      const b = drawn(seed, n + 2, n);
      const positive = multiply(transpose(b), b);
      const factor = cholesky(positive);
      assert.ok(factor);
      near(multiply(factor, transpose(factor)), positive);
      near(multiply(positive, inverseFromCholesky(factor)), identity(n), 1e-6);
      near(solveCholesky(factor, positive), identity(n), 1e-6);
    }),
  );
});

test('A matrix that is not positive definite has no factor', () => {
  assert.equal(
    cholesky(
      fromRows([
        [1, 2],
        [2, 1],
      ]),
    ),
    null,
  );
  assert.equal(
    cholesky(
      fromRows([
        [1, 1],
        [1, 1],
      ]),
    ),
    null,
  );
  assert.equal(cholesky(fromRows([[Number.NaN]])), null);
});

test('QR keeps the order of columns, has orthonormal columns and a positive diagonal', () => {
  fc.assert(
    fc.property(seeds, order, (seed, n) => {
      const a = drawn(seed, n + 3, n);
      const { q, r, kept, dependent } = qr(a);
      assert.deepEqual(dependent, []);
      assert.equal(kept.length, n);
      near(multiply(q, r), a, 1e-12);
      near(multiply(transpose(q), q), identity(n), 1e-13);
      for (let i = 0; i < n; i += 1) assert.ok((toRows(r)[i]?.[i] as number) > 0);
      near(solveUpper(r, r), identity(n), 1e-10);
    }),
  );
});

test('A column that others explain is named, in whichever place and unit, and no other is', () => {
  fc.assert(
    fc.property(seeds, fc.nat(3), fc.integer({ min: -9, max: 9 }), (seed, place, power) => {
      const a = drawn(seed, 12, 4);
      const columns = Array.from({ length: 4 }, (_, j) => a.values.slice(j * 12, (j + 1) * 12));
      const [first, second] = [columns[0] as Float64Array, columns[1] as Float64Array];
      const extra = first.map((value, row) => (2 * value - 3 * (second[row] as number)) * 10 ** power);
      const at = Math.max(2, place + 1);
      const { dependent } = qr(fromColumns(columns.toSpliced(at, 0, extra)));
      assert.deepEqual(dependent, [at]);
    }),
  );
});

test('A covariate far from zero is not taken for a constant', () => {
  const day = Float64Array.from({ length: 50 }, (_, row) => 20_000 + row / 50);
  assert.deepEqual(qr(fromColumns([new Float64Array(50).fill(1), day])).dependent, []);
});

test('More columns than rows leave columns over', () => {
  assert.deepEqual(
    qr(
      fromRows([
        [1, 2, 3],
        [0, 1, 5],
      ]),
    ).dependent,
    [2],
  );
});

test('Eigenvalues ascend and rebuild the matrix', () => {
  const { values } = symmetricEigen(
    fromRows([
      [2, 1],
      [1, 2],
    ]),
  );
  assert.deepEqual(
    Array.from(values, (value) => Math.round(value * 1e12) / 1e12),
    [1, 3],
  );
  fc.assert(
    fc.property(seeds, order, (seed, n) => {
      const b = drawn(seed, n, n);
      const a = { ...b, values: b.values.map((value, k) => value + (transpose(b).values[k] as number)) };
      const found = symmetricEigen(a);
      const diagonal = zeros(n, n);
      found.values.forEach((value, k) => {
        diagonal.values[k + k * n] = value;
        assert.ok(k === 0 || value >= (found.values[k - 1] as number));
      });
      near(multiply(multiply(found.vectors, diagonal), transpose(found.vectors)), a, 1e-12);
      near(multiply(transpose(found.vectors), found.vectors), identity(n), 1e-13);
    }),
  );
});

test('Matrices that do not fit are refused', () => {
  assert.throws(() => multiply(zeros(2, 3), zeros(2, 3)), RangeError);
  assert.throws(() => fromColumns([[1, 2], [1]]), RangeError);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromRows } from '../linear-algebra/matrix.ts';
import { minimiseByNewton } from './newton.ts';

const pair = (x: Float64Array) => [x[0] ?? 0, x[1] ?? 0] as const;

test('Rosenbrock’s valley is followed to its end', () => {
  const value = (point: Float64Array) => {
    const [x, y] = pair(point);
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
  };
  const found = minimiseByNewton(
    value,
    (point) => {
      const [x, y] = pair(point);
      return {
        value: value(point),
        gradient: Float64Array.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)),
        hessian: fromRows([
          [1200 * x * x - 400 * y + 2, -400 * x],
          [-400 * x, 200],
        ]),
      };
    },
    Float64Array.of(-1.2, 1),
  );
  assert.ok(found.converged);
  assert.ok(
    found.at.every((one) => Math.abs(one - 1) < 1e-9),
    `${found.at}`,
  );
});

test('A saddle is left, not reported', () => {
  // (x² − 1)² + y² has a saddle at the origin, where its slope is zero.
  const value = (point: Float64Array) => {
    const [x, y] = pair(point);
    return (x * x - 1) ** 2 + y * y;
  };
  const found = minimiseByNewton(
    value,
    (point) => {
      const [x, y] = pair(point);
      return {
        value: value(point),
        gradient: Float64Array.of(4 * x * (x * x - 1), 2 * y),
        hessian: fromRows([
          [12 * x * x - 4, 0],
          [0, 2],
        ]),
      };
    },
    Float64Array.of(0, 0),
  );
  assert.ok(found.converged && found.curvature > 0);
  assert.ok(Math.abs(Math.abs(found.at[0] ?? 0) - 1) < 1e-9);
});

test('A value without a bottom does not converge', () => {
  const found = minimiseByNewton(
    (point) => Math.exp(-pair(point)[0]),
    (point) => {
      const e = Math.exp(-pair(point)[0]);
      return { value: e + 1, gradient: Float64Array.of(-1), hessian: fromRows([[1e-3]]) };
    },
    Float64Array.of(0),
  );
  assert.equal(found.converged, false);
});

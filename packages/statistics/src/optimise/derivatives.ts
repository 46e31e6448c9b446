/** Derivatives by central differences with Richardson extrapolation: error of order h⁶. */
type Function1 = (x: Float64Array) => number;

const steps = [4e-3, 2e-3, 1e-3] as const;

export function gradient(f: Function1, at: Float64Array): Float64Array {
  return Float64Array.from(at, (_, index) =>
    extrapolate((h) => {
      const up = f(moved(at, index, h));
      return (up - f(moved(at, index, -h))) / (2 * h);
    }),
  );
}

/** Jacobian of a vector function: entry (i, j) is the derivative of output i by input j. */
export function jacobian(f: (x: Float64Array) => Float64Array, at: Float64Array, outputs: number): Float64Array {
  const made = new Float64Array(outputs * at.length);
  for (let j = 0; j < at.length; j += 1) {
    const differences = steps.map((h) => {
      const up = f(moved(at, j, h));
      const down = f(moved(at, j, -h));
      return up.map((value, i) => (value - (down[i] as number)) / (2 * h));
    });
    for (let i = 0; i < outputs; i += 1) {
      made[i * at.length + j] = combine(differences.map((difference) => difference[i] as number));
    }
  }
  return made;
}

export function hessian(f: Function1, at: Float64Array): Float64Array {
  const n = at.length;
  const made = new Float64Array(n * n);
  const centre = f(at);
  for (let i = 0; i < n; i += 1) {
    made[i * n + i] = extrapolate((h) => (f(moved(at, i, h)) - 2 * centre + f(moved(at, i, -h))) / (h * h));
    for (let j = 0; j < i; j += 1) {
      const value = extrapolate(
        (h) =>
          (f(moved(moved(at, i, h), j, h)) -
            f(moved(moved(at, i, h), j, -h)) -
            f(moved(moved(at, i, -h), j, h)) +
            f(moved(moved(at, i, -h), j, -h))) /
          (4 * h * h),
      );
      made[i * n + j] = value;
      made[j * n + i] = value;
    }
  }
  return made;
}

function extrapolate(difference: (h: number) => number): number {
  return combine(steps.map(difference));
}

/** Removes the h² and h⁴ terms from estimates at h, h/2, h/4. */
function combine([coarse = 0, middle = 0, fine = 0]: readonly number[]): number {
  const first = (4 * middle - coarse) / 3;
  const second = (4 * fine - middle) / 3;
  return (16 * second - first) / 15;
}

function moved(at: Float64Array, index: number, by: number): Float64Array {
  const copy = Float64Array.from(at);
  copy[index] = (copy[index] as number) + by;
  return copy;
}

/** Numbers as people read them: a true minus, digits that the standard error supports, intervals in words. */

const minus = '\u2212';

export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? minus + text : text;
}

/** Decimals such that the standard error shows two digits. */
export function digitsFor(standardError: number): number {
  if (!(standardError > 0)) return 2;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
}

export function interval(lower: number, upper: number, digits: number): string {
  return `${fixed(lower, digits)}\u00A0to\u00A0${fixed(upper, digits)}`;
}

export function pValue(p: number): string {
  if (p < 0.001) return '<\u00A00.001';
  return p < 0.1 ? p.toFixed(3) : p.toFixed(2);
}

export function percent(share: number, digits = 0): string {
  return `${fixed(100 * share, digits)}%`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Coordinates in drawings: two decimals, no trailing zeros. */
export function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Round steps of 1, 2 or 5 that cover the range, about `wanted` of them. */
export function ticks(low: number, high: number, wanted = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => span / one <= wanted) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export function tickLabel(value: number): string {
  const text = Number(value.toPrecision(6)).toString();
  return text.startsWith('-') ? minus + text.slice(1) : text;
}

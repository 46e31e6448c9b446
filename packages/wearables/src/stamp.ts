/** Instants with the offset they were written with. */
import type { Stamp } from './days.ts';

/** `2026-03-02 07:00:00 +0100`; some regions write `2026-03-02 7:00:00 PM +0100`, with spaces of several kinds. */
const apple =
  /^(\d{4})-(\d{2})-(\d{2})\s+(\d{1,2})[:.](\d{2})[:.](\d{2})\s*([AaPp])?\.?[Mm]?\.?\s*([+-])(\d{2}):?(\d{2})$/u;

/** Null where the text is no such instant. */
export function appleStamp(text: string): Stamp | null {
  const found = apple.exec(latinDigits(text).trim());
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const half = found[7]?.toLowerCase();
  const offsetMinutes = (found[8] === '-' ? -1 : 1) * (Number(found[9]) * 60 + Number(found[10]));
  const hourOfDay = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  const local = Date.UTC(year, month - 1, day, hourOfDay, minute, second);
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== day || year < 2000 || year > 2200) return null;
  return { ms: local - offsetMinutes * 60_000, offsetMinutes };
}

/** ISO 8601 with an offset, or UTC with the offset given beside it, such as `+01:00`. */
export function isoStamp(text: unknown, offset?: unknown): Stamp | null {
  if (typeof text !== 'string') return null;
  const ms = Date.parse(text);
  const zone = /(Z|[+-]\d{2}:?\d{2})$/.exec(text)?.[1];
  if (Number.isNaN(ms) || zone === undefined) return null;
  const told = typeof offset === 'string' ? offset : zone;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})/.exec(told) ?? [];
  return {
    ms,
    offsetMinutes: sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)),
  };
}

/** Arabic-Indic, Persian and Devanagari digits, and a decimal comma, as some regions export them. */
export function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F]/g, (digit) => {
    const point = digit.charCodeAt(0);
    const zero = point >= 0x0966 ? 0x0966 : point >= 0x06f0 ? 0x06f0 : 0x0660;
    return String(point - zero);
  });
}

export const numberOf = (text: string): number =>
  text.trim() === '' ? Number.NaN : Number(latinDigits(text).replace(',', '.'));

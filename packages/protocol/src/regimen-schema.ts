/** A regimen as a document writes it down: seven ways to pick days, and five ways to build one regimen from others. */
import { z } from 'zod';
import { studyDay, type Weekday, weekday } from './document-parts.ts';

/**
 * Which days inside an epoch something happens on. Every regimen counts from the epoch's first day, which is its day 1;
 * so do the `days` listed one by one. Weekdays are those of the calendar in the participant's zone. A regimen is a set
 * of days: however it is built, no day is in it twice.
 */
export type Regimen =
  | { kind: 'everyNDays'; n: number }
  | { kind: 'onOff'; on: number; off: number }
  | { kind: 'weekdays'; days: Weekday[] }
  | { kind: 'drawn'; perWeek: number; from: Weekday[] }
  | { kind: 'days'; days: number[] }
  /** Day 1, then these distances in turn: `[3, 4]` gives days 1, 4, 8, 11, 15… */
  | { kind: 'alternating'; gaps: number[] }
  | { kind: 'cycles'; weeksOn: number; weeksOff: number; regimen: Regimen }
  /** One after the other, each for so many days and counted from its own first day; nothing after the last. */
  | { kind: 'sequence'; parts: { days: number; regimen: Regimen }[] }
  | { kind: 'anyOf'; regimens: Regimen[] }
  | { kind: 'except'; regimen: Regimen; without: Regimen }
  /** Leaves out every day that comes sooner than `days` after the last one kept. */
  | { kind: 'spaced'; days: number; regimen: Regimen };

const days = z.int().min(1).max(366);

export const regimen: z.ZodType<Regimen> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('everyNDays'), n: days }),
    z.strictObject({ kind: z.literal('onOff'), on: days, off: days }),
    z.strictObject({ kind: z.literal('weekdays'), days: z.array(weekday).min(1).max(7) }),
    z.strictObject({ kind: z.literal('drawn'), perWeek: z.int().min(1).max(7), from: z.array(weekday).min(1).max(7) }),
    z.strictObject({ kind: z.literal('days'), days: z.array(studyDay).min(1).max(1000) }),
    z.strictObject({
      kind: z.literal('cycles'),
      weeksOn: z.int().min(1).max(52),
      weeksOff: z.int().min(1).max(52),
      regimen,
    }),
    z.strictObject({ kind: z.literal('alternating'), gaps: z.array(days).min(1).max(20) }),
    z.strictObject({
      kind: z.literal('sequence'),
      parts: z
        .array(z.strictObject({ days: studyDay, regimen }))
        .min(1)
        .max(40),
    }),
    z.strictObject({ kind: z.literal('anyOf'), regimens: z.array(regimen).min(1).max(20) }),
    z.strictObject({ kind: z.literal('except'), regimen, without: regimen }),
    z.strictObject({ kind: z.literal('spaced'), days, regimen }),
  ]),
);

/** The regimens a regimen is built from. */
export function partsOf(whole: Regimen): Regimen[] {
  switch (whole.kind) {
    case 'cycles':
    case 'spaced':
      return [whole.regimen];
    case 'sequence':
      return whole.parts.map((part) => part.regimen);
    case 'anyOf':
      return whole.regimens;
    case 'except':
      return [whole.regimen, whole.without];
    default:
      return [];
  }
}

/** The small shapes that the sections of a study document share. */
import { z } from 'zod';

export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, starting with a letter')
  .describe('A short name, unique in its list');
export const text = z.string().min(1).max(20_000);
export const label = z.string().min(1).max(200);
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as 08:30');
export const calendarDate = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a calendar date such as 2026-12-24');
export const studyDay = z.int().min(1).max(3660);
export const languageTag = z.string().min(2).max(35);

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];
export const weekday = z.enum(weekdays);

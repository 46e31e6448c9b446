/** Reminders of one participant: by which way, when, and a calendar that can be taken back. No words of a study travel. */
import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';
import { common, one, self } from './command.ts';

const tag = 'Reminders';
const hour = z.int().min(0).max(23);
const access = { kind: 'participant', ...self } as const;
const base = `${one}/reminders`;

export const reminderLanguages = ['en', 'de', 'es', 'pt', 'nl', 'cs'] as const;

const standing = z.object({
  /** The server's public key for web push, and whether mail can be sent; null and false: nobody set it up here. */
  offered: z.object({ push: z.string().nullable(), email: z.boolean() }),
  channel: z.enum(['none', 'push', 'email']),
  hour,
  /** No reminder from this hour until that one, in the participant's own time zone; equal: no quiet hours. */
  quietFrom: hour,
  quietUntil: hour,
  email: z.string().nullable(),
  /** Phones and browsers that will show a reminder. */
  phones: z.number(),
  snoozedUntil: s.instant.nullable(),
  calendar: z.boolean(),
});

const declared = { ...common, tag, access, reply: standing } as const;

export const reminders = route({
  ...declared,
  id: 'reminders',
  method: 'GET',
  path: base,
  summary: 'How I am reminded, and what this server can do',
  body: s.nothing,
});

export const setReminders = route({
  ...declared,
  id: 'setReminders',
  method: 'POST',
  path: base,
  summary: 'Choose the way, the hour and the quiet hours',
  body: z.strictObject({
    channel: z.enum(['none', 'push', 'email']),
    hour,
    quietFrom: hour,
    quietUntil: hour,
    language: z.enum(reminderLanguages),
    /** With `email`; left out: the address that is known stays. */
    email: z.email().max(200).optional(),
  }),
});

export const snoozeReminders = route({
  ...declared,
  id: 'snoozeReminders',
  method: 'POST',
  path: `${base}/snooze`,
  summary: 'Remind me again later',
  body: z.strictObject({ minutes: z.int().min(10).max(1440) }),
});

export const subscribePush = route({
  ...declared,
  id: 'subscribePush',
  method: 'POST',
  path: `${base}/phones`,
  summary: 'Let this phone show reminders',
  body: z.strictObject({
    endpoint: z.url().max(1000),
    /** As the browser gives them, base64url: 65 and 16 bytes. */
    keys: z.strictObject({
      p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}=?$/),
      auth: z.string().regex(/^[A-Za-z0-9_-]{22}={0,2}$/),
    }),
  }),
});

export const unsubscribePush = route({
  ...declared,
  id: 'unsubscribePush',
  method: 'DELETE',
  path: `${base}/phones`,
  summary: 'Forget all phones that show reminders',
  body: s.nothing,
});

export const makeCalendar = route({
  ...common,
  id: 'makeCalendar',
  method: 'POST',
  path: `${base}/calendar`,
  tag,
  summary: 'An address with my calendar for any calendar program; one that was made before stops working',
  access,
  /** A request without meaning makes no address. */
  body: z.strictObject({ wanted: z.literal(true) }),
  reply: z.object({ path: z.string() }),
});

export const revokeCalendar = route({
  ...declared,
  id: 'revokeCalendar',
  method: 'DELETE',
  path: `${base}/calendar`,
  summary: 'The address of my calendar stops working',
  body: s.nothing,
});

/** Whoever has the address reads it: calendar programs carry no session. It says when, and nothing of what. */
export const calendarFeed = route({
  id: 'calendarFeed',
  method: 'GET',
  path: '/v1/calendars/:calendarToken',
  tag,
  summary: 'The calendar behind an address made for it: times under one neutral word',
  access: { kind: 'public' },
  params: z.strictObject({ calendarToken: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
  query: s.none,
  body: s.nothing,
  reply: z.string(),
  media: 'calendar',
});

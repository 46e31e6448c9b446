/**
 * What the crawler puts into addresses and queries. A route with a parameter that is not named here stops the run, so
 * nobody can add a route and forget it.
 */
import type { Place } from './place.ts';
import { neighbour } from './staff.ts';

type Filled = Readonly<Record<string, (place: Place) => readonly string[]>>;

/** Everybody, or the first and the last; and one who never was. */
function idsOf({ people, scenario }: Place): string[] {
  const ids = people.flatMap(({ participantId }) => participantId ?? []);
  const some = scenario.thorough ? ids : ids.filter((_, index) => index === 0 || index === ids.length - 1);
  return [...some, '0'.repeat(10)];
}

/** Of the study server. */
export const filled: Filled = {
  studyId: ({ studyId }) => [studyId],
  participantId: idsOf,
  draftId: ({ draftId }) => [draftId ?? 'Z'.repeat(20)],
  calendarToken: () => ['Z'.repeat(43)],
  deviceId: () => ['Z'.repeat(20)],
  revision: () => ['1', '2'],
  table: () => ['participants', 'doses', 'answers', 'scores', 'adverse-events', 'no-such-table'],
};

/** Of the vault: what somebody who knows the study can name there. */
export const filledInVault: Filled = {
  studyId: ({ studyId }) => [studyId],
  kit: ({ people }) => [people.find(({ kit }) => kit !== null)?.kit ?? 'ABCDEFGH'],
  participantId: (place) => idsOf(place).slice(0, 1),
};
/** And for everything else: a name that nobody has, as a blinded caller knows none. */
export const unknowable: readonly string[] = ['none-1'];

/** Studies that are not one's own: asked by two roles, as a membership is looked at before anything else. */
export const straying: Readonly<Record<string, string>> = { coordinator: neighbour, 'participant 0': 'no-such-study' };

/** Pages, filters and orders, by route id; without an entry: the bare address. */
export const queries: Readonly<Record<string, (place: Place) => readonly Record<string, string>[]>> = {
  studyCalendar: () => [
    { startDate: '2027-02-08', timeZone: 'Europe/Amsterdam' },
    { startDate: '2027-02-30', timeZone: 'Europe/Amsterdam' },
  ],
  studyProtocol: () => [{}, { version: '0.0.1' }],
  participants: () => [{}, { limit: '2' }, { status: 'randomised' }, { status: 'withdrawn' }],
  signals: () => [{}, { limit: '3' }, { open: 'true' }, { open: 'false' }],
  adverseEvents: () => [{}, { limit: '3' }],
  keptEntries: () => [{}, { limit: '3' }],
  timeline: () => [{}, { limit: '20' }],
  ownHistory: () => [{}, { limit: '10' }],
  ledgerEntries: ({ people }) => [
    { limit: '500' },
    { limit: '60' },
    { type: 'participant.randomised' },
    { stream: people[0]?.participantId ?? 'none' },
    { stream: 'study' },
  ],
  supplyKits: () => [{}, { limit: '2' }, { status: 'dispensed' }, { shipment: 'none' }],
};
/** As many further pages are turned, wherever an answer names a next one. */
export const pagesTurned = 4;

/** Streams that never end are listened to while the study is lived through. */
export const endless: ReadonlySet<string> = new Set(['studyLive']);

/** Typeset on demand: visited where everything is. */
export const costly: ReadonlySet<string> = new Set(['studySynopsis']);

/** What the study server answers outside the contract. */
export const operations: readonly string[] = [
  '/health',
  '/ready',
  '/docs',
  '/docs/openapi.json',
  '/metrics',
  '/',
  '/app/',
  '/no-such-page',
  '/v1/no-such-route',
];

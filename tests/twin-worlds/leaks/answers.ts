/** Leaks in what the study server answers: fields, orders, lengths, headers, errors. */
import type { Leak } from '../leak.ts';
import { firstArmFirst, firstArmIn, ofEverybody, ofFirstArm, withHeader, withJson } from './change.ts';

const detail = /\/participants\/[0-9A-Z]{10}$/;
const timeline = /\/timeline(\?|$)/;
const today = /\/today$/;

type Row = { participantId: string };
type Today = { schedule: object[]; unitLabel: string };

export const answerLeaks: readonly Leak[] = [
  {
    name: 'an arm field in a participant’s row',
    channels: [12],
    study: ofFirstArm(detail, (reply) => withJson(reply, (json) => ({ ...json, arm: 'lsd' }))),
  },
  {
    name: 'participants listed by arm',
    channels: [36, 42],
    swapped: true,
    study: ofEverybody(/\/studies\/[^/]+\/participants(\?|$)/, (reply, knows, { method }) =>
      method === 'GET'
        ? withJson(reply, ({ participants, next }) => ({
            participants: firstArmFirst(participants as Row[], ({ participantId }) => participantId, knows),
            next,
          }))
        : reply,
    ),
  },
  {
    name: 'a dashboard with counts per arm',
    channels: [36, 37],
    study: ofEverybody(/\/overview$/, (reply, knows, { people }) =>
      withJson(reply, (json) => ({ ...json, inFirst: people.filter((id) => knows(id) === true).length })),
    ),
  },
  {
    name: 'balance of the next allocation shown to who enrols',
    channels: [38, 39],
    study: ofEverybody(/\/sites$/, (reply, knows, { people }) =>
      withHeader(reply, `x-balance: ${people.filter((id) => knows(id) === true).length % 2}`),
    ),
  },
  {
    name: 'capsules counted only where they are active',
    channels: [20],
    study: ofFirstArm(detail, (reply) =>
      withJson(reply, ({ row, ...rest }) => ({ row: { ...(row as object), dosesTaken: 0 }, ...rest })),
    ),
  },
  {
    name: 'no sham step of the titration for one arm',
    channels: [13],
    study: ofFirstArm(today, (reply) =>
      withJson(reply, (json) => ({ ...json, schedule: (json as Today).schedule.slice(1) })),
    ),
  },
  {
    name: 'a text that is translated for one arm only',
    channels: [51],
    study: ofFirstArm(today, (reply) => withJson(reply, (json) => ({ ...json, unitLabel: 'capsule' }))),
  },
  {
    name: 'a message to the participant in other words',
    channels: [22, 44],
    study: ofFirstArm(today, (reply) => withJson(reply, (json) => ({ ...json, holdMessage: 'Active kit held' }))),
  },
  {
    name: 'the app fetches a page ahead for one arm',
    channels: [47],
    study: ofFirstArm(today, (reply) => withHeader(reply, 'link: </app/effects.js>; rel=prefetch')),
  },
  {
    name: 'a reply that is one byte longer',
    channels: [29],
    study: ofFirstArm(timeline, (reply) => ({ ...reply, body: `${reply.body} ` })),
  },
  {
    name: 'a version tag that moves with hidden writes',
    channels: [31],
    study: ofFirstArm(timeline, (reply) => withHeader(reply, 'etag: "8"')),
  },
  {
    name: 'a header that tells of a cache',
    channels: [30],
    study: ofFirstArm(detail, (reply) => withHeader(reply, 'x-cache: hit')),
  },
  {
    name: 'another cookie for one arm',
    channels: [31],
    study: ofFirstArm(today, (reply) => withHeader(reply, 'set-cookie: seen=1')),
  },
  {
    name: 'a sequence number in a receipt that counts hidden acts',
    channels: [31, 33],
    study: ofFirstArm(/\/dispensing$/, (reply) => withJson(reply, (json) => ({ ...json, seq: Number(json.seq) + 1 }))),
  },
  {
    name: 'an error text that depends on the arm',
    channels: [27],
    study: (reply, { path }, knows) =>
      reply.status >= 400 && firstArmIn(path, knows)
        ? withJson(reply, (json) => ({ ...json, detail: 'Kit type mismatch.' }))
        : reply,
  },
  {
    name: 'a status that depends on the arm',
    channels: [28],
    study: (reply, { path }, knows) =>
      reply.status === 404 && firstArmIn(path, knows) ? { ...reply, status: 403 } : reply,
  },
  {
    name: 'the metrics have a label with the arm',
    channels: [26],
    study: ofEverybody(/^\/metrics$/, (reply, knows, { people }) => ({
      ...reply,
      body: `${reply.body}limen_kits_total{arm="first"} ${people.filter((id) => knows(id) === true).length}\n`,
    })),
  },
  {
    name: 'a live view that hears more of one arm',
    channels: [32],
    live: (frames, people, knows) =>
      frames + 'event: change\ndata: {}\n\n'.repeat(people.filter((id) => knows(id) === true).length),
  },
  {
    name: 'an expectedness that is worked out by the arm',
    channels: [16, 17],
    study: ofEverybody(/\/adverse-events(\?|$)/, (reply, knows) =>
      reply.body.includes('"adverseEvents"')
        ? withJson(reply, ({ adverseEvents, next }) => ({
            adverseEvents: (adverseEvents as Row[]).map((event) => ({
              ...event,
              expected: knows(event.participantId),
            })),
            next,
          }))
        : reply,
    ),
  },
];

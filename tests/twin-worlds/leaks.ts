/** Leaks planted on purpose, one per kind of channel. Each must be caught; a suite that misses one is not to be trusted. */
import type { Leak } from './world.ts';

const isActive = (arm: string | undefined) => arm !== undefined && !arm.startsWith('placebo');

type Row = { participantId: string };

export const leaks: readonly Leak[] = [
  {
    name: 'an arm field in a participant’s row',
    study: ({ path, status, body }, arms) => {
      if (!/\/participants\/[0-9A-Z]{10}$/.test(path) || status !== 200) return { status, body };
      const reply = JSON.parse(body) as { row: Row };
      return { status, body: JSON.stringify({ ...reply, arm: arms.get(reply.row.participantId) ?? null }) };
    },
  },
  {
    name: 'participants listed by arm',
    study: ({ path, status, body }, arms) => {
      if (!/\/participants(\?|$)/.test(path) || status !== 200 || !body.includes('"participants"'))
        return { status, body };
      const reply = JSON.parse(body) as { participants: Row[] };
      const key = (row: Row) => (isActive(arms.get(row.participantId)) ? 0 : 1);
      return {
        status,
        body: JSON.stringify({ ...reply, participants: reply.participants.toSorted((a, b) => key(a) - key(b)) }),
      };
    },
  },
  {
    name: 'an error that depends on the arm',
    vault: ({ kit }, arm) =>
      isActive(arm) ? { body: { kit } } : { status: 409, body: { code: 'allocation_refused', detail: 'placebo' } },
  },
  {
    name: 'a kit label that tells the arm',
    vault: ({ kit }, arm) => ({ body: { kit: `${isActive(arm) ? 'A' : 'P'}${kit.slice(1)}` } }),
  },
  {
    name: 'a reply that is one byte longer for one arm',
    study: ({ path, status, body }, arms) => {
      const own = /\/participants\/([0-9A-Z]{10})\/timeline/.exec(path)?.[1];
      return { status, body: own && isActive(arms.get(own)) ? `${body} ` : body };
    },
  },
  {
    name: 'an arm in the study server’s log',
    log: (arms) => JSON.stringify({ event: 'kit.assigned', arms: [...arms.values()].map(isActive) }),
  },
];

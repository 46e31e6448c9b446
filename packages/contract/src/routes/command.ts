/** How a command on a participant is declared: its path, who may send it, and the receipt that comes back. */
import type { z } from 'zod';
import { type Route, route } from '../route.ts';
import * as s from '../shapes.ts';

export const base = '/v1/studies/:studyId/participants';
export const one = `${base}/:participantId`;
export const common = { params: s.participantParams, query: s.none, tag: 'Participants' } as const;

export function command<B extends z.ZodType>(
  id: string,
  path: string,
  body: B,
  summary: string,
  access: { roles: readonly (typeof s.role)['options'][number][]; stepUp?: true },
): Route<typeof s.participantParams, typeof s.none, B, typeof s.receipt> {
  return route({
    ...common,
    id,
    method: 'POST',
    path: `${one}/${path}`,
    summary,
    access: { kind: 'participant', ...access },
    body,
    reply: s.receipt,
  });
}

export const self = { roles: ['participant'] } as const;
export const selfOrSite = { roles: ['participant', 'coordinator', 'investigator'] } as const;
export const site = { roles: ['coordinator', 'investigator'] } as const;

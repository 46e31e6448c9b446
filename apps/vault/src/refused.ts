/** The precise reason of a refusal stands in the trail; the caller is never told it, and no log line has it. */
import type { House } from './house.ts';
import type { Refusal, RefusalCode } from './refusals.ts';
import { inTransaction } from './store.ts';
import { lockStudy } from './study.ts';
import { appendTrail } from './trail.ts';

/** Refusals of somebody who may ask. Requests without a token or of no shape are not let write. */
const recorded: ReadonlySet<RefusalCode> = new Set([
  'study_refused',
  'allocation_refused',
  'envelopes_refused',
  'release_refused',
  'supply_refused',
]);

type Asked = { readonly params: unknown; readonly body: unknown };

/** In a transaction of its own, as the refused one is rolled back. A study nobody knows has no trail to write to. */
export async function recordRefusal(house: House, refusal: Refusal, { params, body }: Asked): Promise<void> {
  const studyId = textOf(params, 'studyId') ?? textOf(body, 'studyId');
  if (!recorded.has(refusal.code) || studyId === null) return;
  await inTransaction(house, async (client) => {
    if ((await lockStudy(house, client, studyId)) === null) return;
    await appendTrail(house, client, studyId, {
      type: 'request.refused',
      actor: { id: refusal.code === 'supply_refused' ? 'supply' : 'study', role: 'system' },
      cause: textOf(body, 'requestId') ?? refusal.code,
      payload: { code: refusal.code, reason: refusal.reason, participantId: textOf(body, 'participantId') },
    });
  });
}

function textOf(from: unknown, field: string): string | null {
  const value = (from as Record<string, unknown> | null | undefined)?.[field];
  return typeof value === 'string' ? value : null;
}

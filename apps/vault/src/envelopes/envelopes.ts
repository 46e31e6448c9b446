/**
 * The envelopes of people who pack their own capsules. The study server learns which token is for which week and nothing
 * of what any holds; the sheet of labels, which has both in one place, goes in a closed letter to who packs.
 */
import { tokenOfBytes } from '@limen/protocol';
import { type Content, type Envelope, envelopeCount, envelopesOf } from '@limen/randomization';
import { readAllocation } from '../allocate.ts';
import type { Design } from '../contents.ts';
import type { House } from '../house.ts';
import type { EnvelopeRequest, SheetRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { deriveKey, open, pad, seal, unpad } from '../sealing.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { letterInfo, writeLetter } from './closed-letter.ts';
import { sealCodeOf, tokenBytesOf } from './tokens.ts';

export const sheetsAtMost = 5;

export type HeldEnvelope = Envelope & { readonly token: string };

const system = { id: 'study', role: 'system' } as const;
const purposeOf = (studyId: string, participantId: string) => `envelopes ${studyId} ${participantId}`;

/** Once per participant; asked again, it answers the same. */
export async function planEnvelopes(house: House, studyId: string, request: EnvelopeRequest) {
  const { participantId, requestId } = request;
  return inTransaction(house, async (client) => {
    const { study, sequence } = await drawnFor(house, client, studyId, participantId);
    const known = await readTokens(client, study, participantId);
    if (known !== null) return planOf(known);
    if (study.releasedAt) throw new Refusal('envelopes_refused', 'the study is released');
    const key = deriveKey(house.key, 'envelopes');
    const tokens = Array.from({ length: envelopeCount }, (_, slot) =>
      tokenOfBytes(tokenBytesOf(key, studyId, participantId, slot)),
    );
    await client.query(
      'insert into envelope_plan (study_id, participant_id, request_id, sealed, planned_at) values ($1, $2, $3, $4, $5)',
      [
        studyId,
        participantId,
        requestId,
        seal(study.dataKey, pad(JSON.stringify(tokens)), purposeOf(studyId, participantId)),
        house.clock.now(),
      ],
    );
    await appendTrail(house, client, studyId, {
      type: 'envelopes.planned',
      actor: system,
      cause: requestId,
      payload: { participantId, tokens, weeks: sequence.map(({ variant }) => variant) },
    });
    return planOf(tokens);
  });
}

/** The order of the leftovers is that of their text, which says nothing. */
function planOf(tokens: readonly string[]) {
  return { weeks: tokens.slice(0, 4), leftovers: tokens.slice(4).sort() };
}

/** What the labels say, for who packs and nobody else. Each sheet given out stands in the trail. */
export async function envelopeSheet(house: House, studyId: string, request: SheetRequest): Promise<{ sealed: string }> {
  const { participantId, requestId } = request;
  return inTransaction(house, async (client) => {
    const { study, sequence } = await drawnFor(house, client, studyId, participantId);
    const held = await heldBy(client, study, participantId, sequence);
    if (held === null) throw new Refusal('envelopes_refused', 'no plan for this participant');
    const { rows } = await client.query<{ sheets: number }>(
      'update envelope_plan set sheets = sheets + 1 where study_id = $1 and participant_id = $2 returning sheets',
      [studyId, participantId],
    );
    const sheet = rows[0]?.sheets ?? 0;
    if (sheet > sheetsAtMost) throw new Refusal('envelopes_refused', `more than ${sheetsAtMost} sheets`);
    const text = sheetOf(held, sealCodeOf(deriveKey(house.key, 'envelopes'), studyId, participantId, sheet));
    const sealed = writeLetter(text, Buffer.from(request.publicKey, 'base64url'), letterInfo(studyId, participantId));
    if (sealed === null) throw new Refusal('envelopes_refused', 'no such public key');
    await appendTrail(house, client, studyId, {
      type: 'envelopes.sheetGiven',
      actor: system,
      cause: requestId,
      payload: { participantId, sheet },
    });
    return { sealed };
  });
}

/** Sets in the order of packing, those of one kind by their token: nothing of it depends on the weeks drawn. */
function sheetOf(held: readonly HeldEnvelope[], sealCode: string): string {
  const kind = ({ variant }: Envelope) => variant ?? 'placebo';
  const order = ['monThu', 'monFri', 'tueThu', 'tueFri', 'placebo'];
  const sets = held.toSorted((a, b) => order.indexOf(kind(a)) - order.indexOf(kind(b)) || (a.token < b.token ? -1 : 1));
  return JSON.stringify({ sealCode, sets: sets.map(({ token, contents }) => ({ token, contents })) });
}

type Sequence = Parameters<typeof envelopesOf>[0];

async function drawnFor(house: House, client: Client, studyId: string, participantId: string) {
  const study = await lockStudy(house, client, studyId);
  if (!study) throw new Refusal('envelopes_refused', 'no such study');
  const allocation = await readAllocation(client, study, { column: 'participant_id', value: participantId });
  if (!allocation) throw new Refusal('envelopes_refused', 'no allocation of this participant');
  if (!allocation.sequence) throw new Refusal('envelopes_refused', 'the study draws no weeks');
  return { study, sequence: allocation.sequence };
}

/** Each token with what it is on; null before the plan. */
export async function heldBy(
  client: Client,
  study: OpenStudy,
  participantId: string,
  sequence: Sequence,
): Promise<readonly HeldEnvelope[] | null> {
  const tokens = await readTokens(client, study, participantId);
  if (tokens === null) return null;
  const { studyId, seed } = study;
  return envelopesOf(sequence, { seed, studyId, participantId }).map((envelope) => ({
    ...envelope,
    token: tokens[envelope.slot] ?? '',
  }));
}

async function readTokens(client: Client, study: OpenStudy, participantId: string): Promise<readonly string[] | null> {
  const { studyId, dataKey } = study;
  const { rows } = await client.query<{ sealed: Buffer }>(
    'select sealed from envelope_plan where study_id = $1 and participant_id = $2',
    [studyId, participantId],
  );
  const sealed = rows[0]?.sealed;
  if (sealed === undefined) return null;
  return JSON.parse(unpad(open(dataKey, sealed, purposeOf(studyId, participantId)))) as string[];
}

/** Intervention ids of an envelope's capsules, in the words of the protocol. */
export function interventionsIn(design: Design, contents: readonly Content[]): string[] {
  const drawn = design.arms.find(({ content }) => content.kind === 'drawn')?.content;
  if (drawn?.kind !== 'drawn') throw new RangeError('No arm of the design draws its weeks');
  return contents.map((content) => (content === 'MD' ? drawn.active : drawn.placebo));
}

/** The vault as this server knows it: three questions over HTTP, and no fourth. */
import type { ProtocolDocument } from '@limen/protocol';
import { z } from 'zod';

export type VaultStudy = {
  readonly studyId: string;
  readonly protocolHash: string;
  readonly procedure: ProtocolDocument['randomisation']['procedure'];
  readonly arms: readonly unknown[];
  readonly stratifyBy: readonly string[];
  /** Capsules in a kit. */
  readonly capsules: number;
  /** What `protocolHash` is the hash of. */
  readonly document: ProtocolDocument;
  readonly sites: readonly { readonly siteId: string; readonly name: string }[];
};

export type Approval = { readonly actorId: string; readonly role: string; readonly at: string };

const committed = z.object({ commitment: z.string() });
const allocated = z.object({ kit: z.string() });
const released = z.looseObject({
  seed: z.unknown(),
  commitment: z.unknown(),
  procedure: z.unknown(),
  arms: z.unknown(),
  allocations: z.array(z.unknown()),
  batches: z.array(z.unknown()),
});
export type Released = z.output<typeof released>;

export type VaultClient = {
  commit(study: VaultStudy): Promise<string>;
  /** Asked again for the same participant, the vault answers the same label. */
  nextKit(request: { studyId: string; participantId: string; stratum: string; requestId: string }): Promise<string>;
  release(studyId: string, request: { lockHash: string; approvals: readonly Approval[] }): Promise<Released>;
};

/** Whatever the reason: the vault did not answer as agreed. Nothing of its reply is passed on. */
export class VaultUnavailable extends Error {
  override readonly name = 'VaultUnavailable';
}

const answerWithinMs = 10_000;

export function openVaultClient(options: { address: string; token: string }): VaultClient {
  const base = options.address.replace(/\/$/, '');

  const ask = async <S extends z.ZodType>(path: string, body: unknown, shape: S): Promise<z.output<S>> => {
    try {
      const reply = await fetch(`${base}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${options.token}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(answerWithinMs),
        redirect: 'error',
      });
      if (!reply.ok) {
        await reply.body?.cancel();
        throw new VaultUnavailable(`The vault answered ${reply.status}.`);
      }
      return shape.parse(await reply.json());
    } catch (cause) {
      if (cause instanceof VaultUnavailable) throw cause;
      throw new VaultUnavailable('The vault did not answer as agreed.');
    }
  };

  return {
    commit: async (study) => (await ask('/studies', study, committed)).commitment,
    nextKit: async ({ studyId, ...request }) => (await ask(`/studies/${studyId}/allocations`, request, allocated)).kit,
    release: (studyId, request) => ask(`/studies/${studyId}/release`, request, released),
  };
}

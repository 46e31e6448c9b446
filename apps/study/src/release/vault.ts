/** The vault as this server knows it: a few questions over HTTP; none of the answers holds an allocation before release. */
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
const token = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
const planned = z.object({ weeks: z.array(token).min(1), leftovers: z.array(token) });
const letter = z.object({ sealed: z.string() });
const released = z.looseObject({
  seed: z.unknown(),
  commitment: z.unknown(),
  procedure: z.unknown(),
  arms: z.unknown(),
  allocations: z.array(z.unknown()),
  batches: z.array(z.unknown()),
});
export type Released = z.output<typeof released>;

const shipments = z.object({
  shipments: z.array(
    z.object({
      shipmentId: z.string(),
      siteId: z.string(),
      lot: z.string(),
      expires: z.string(),
      storage: z.string(),
      sentAt: z.string(),
      status: z.enum(['sent', 'received', 'quarantined', 'recalled']),
      kits: z.array(z.string()),
    }),
  ),
});
export type Shipment = z.output<typeof shipments>['shipments'][number];
const told = z.object({ accepted: z.number() });

const facts = z.object({
  facts: z.array(
    z.object({
      seq: z.string().regex(/^\d{12}$/),
      studyId: z.string(),
      participantId: z.string(),
      kind: z.enum(['emergency', 'planned', 'drill', 'board-continue', 'board-change', 'board-pause', 'board-stop']),
      at: z.string(),
    }),
  ),
});
/** That somebody was told a treatment, never which; or the safety board's word. */
export type Fact = z.output<typeof facts>['facts'][number];
const handedOver = z.object({ dataHash: z.string() });
const probed = z.object({ ready: z.literal(true) });

/** Something done with a kit at a site, as the pharmacy's ledger needs it. */
export type KitAct = { readonly actId: string; readonly at: string; readonly by: string; readonly siteId: string } & (
  | { kind: 'shipmentReceived'; shipmentId: string; missing: readonly string[]; damaged: readonly string[] }
  | { kind: 'excursion'; shipmentId: string; lowestCelsius: number; highestCelsius: number; hours: number }
  | { kind: 'dispensed'; kit: string; participantId: string }
  | { kind: 'returned'; kit: string; units: number }
  | { kind: 'lost' | 'damaged'; kit: string }
  | { kind: 'destroyed'; kits: readonly string[]; witness: string }
);

type KitRequest = { studyId: string; participantId: string; siteId: string | null; requestId: string };
type EnvelopeRequest = { studyId: string; participantId: string; requestId: string };

export type VaultClient = {
  commit(study: VaultStudy): Promise<string>;
  /** Asked again for the same participant, the vault answers the same label. */
  nextKit(request: KitRequest & { stratum: string }): Promise<string>;
  /** For one that was lost or damaged; of the same contents, which are not said. */
  replacementKit(request: KitRequest & { reason: 'lost' | 'damaged' }): Promise<string>;
  /** @throws VaultRefusal where one of the acts is not accepted; then none is */
  tellKitActs(studyId: string, acts: readonly KitAct[]): Promise<void>;
  shipments(studyId: string): Promise<readonly Shipment[]>;
  /** Which token is for which week; asked again for the same participant, the vault answers the same. */
  planEnvelopes(request: EnvelopeRequest): Promise<z.output<typeof planned>>;
  /** The labels, closed: this server cannot open them. */
  envelopeSheet(request: EnvelopeRequest & { publicKey: string }): Promise<z.output<typeof letter>>;
  /** For the safety board's closed report; answers the hash of what arrived. */
  handOverClosedData(studyId: string, data: object): Promise<string>;
  facts(after: number): Promise<readonly Fact[]>;
  /** Whether the vault could open a treatment now. */
  isOpen(): Promise<boolean>;
  release(studyId: string, request: { lockHash: string; approvals: readonly Approval[] }): Promise<Released>;
};

/** Whatever the reason: the vault did not answer as agreed. Nothing of its reply is passed on. */
export class VaultUnavailable extends Error {
  override readonly name: string = 'VaultUnavailable';
}

/** The vault understood and said no; why is not for this server to know. */
export class VaultRefusal extends VaultUnavailable {}

const answerWithinMs = 10_000;

export function openVaultClient(options: { address: string; token: string }): VaultClient {
  const base = options.address.replace(/\/$/, '');

  /** Without a body: a question that changes nothing. */
  const ask = async <S extends z.ZodType>(path: string, body: unknown, shape: S): Promise<z.output<S>> => {
    const authorization = `Bearer ${options.token}`;
    try {
      const reply = await fetch(`${base}${path}`, {
        ...(body === undefined
          ? { headers: { authorization } }
          : {
              method: 'POST',
              headers: { 'content-type': 'application/json', authorization },
              body: JSON.stringify(body),
            }),
        signal: AbortSignal.timeout(answerWithinMs),
        redirect: 'error',
      });
      if (!reply.ok) {
        await reply.body?.cancel();
        const Answered = reply.status === 409 ? VaultRefusal : VaultUnavailable;
        throw new Answered(`The vault answered ${reply.status}.`);
      }
      return shape.parse(await reply.json());
    } catch (cause) {
      if (cause instanceof VaultUnavailable) throw cause;
      throw new VaultUnavailable('The vault did not answer as agreed.');
    }
  };

  return {
    commit: async (study) => (await ask('/studies', study, committed)).commitment,
    nextKit: async ({ studyId, siteId, ...request }) =>
      (await ask(`/studies/${studyId}/allocations`, { ...request, ...at(siteId) }, allocated)).kit,
    replacementKit: async ({ studyId, siteId, ...request }) =>
      (await ask(`/studies/${studyId}/replacements`, { ...request, ...at(siteId) }, allocated)).kit,
    tellKitActs: async (studyId, acts) => {
      await ask(`/studies/${studyId}/kit-acts`, { acts }, told);
    },
    handOverClosedData: async (studyId, data) =>
      (await ask(`/studies/${studyId}/closed-data`, data, handedOver)).dataHash,
    facts: async (after) => (await ask(`/facts?after=${after}`, undefined, facts)).facts,
    isOpen: () =>
      ask('/probe', undefined, probed).then(
        () => true,
        () => false,
      ),
    shipments: async (studyId) => (await ask(`/studies/${studyId}/shipments`, undefined, shipments)).shipments,
    planEnvelopes: ({ studyId, ...request }) => ask(`/studies/${studyId}/envelopes`, request, planned),
    envelopeSheet: ({ studyId, ...request }) => ask(`/studies/${studyId}/envelope-sheets`, request, letter),
    release: (studyId, request) => ask(`/studies/${studyId}/release`, request, released),
  };
}

const at = (siteId: string | null) => (siteId === null ? {} : { siteId });

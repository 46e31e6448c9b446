/** The vault from outside: typed questions over HTTP, asked again where asking twice is the same as asking once. */
import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import * as protocol from './protocol.ts';

/** The vault refused, with its code; or it could not be reached or did not answer as agreed: `vault_unavailable`. */
export class VaultError extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.name = 'VaultError';
    this.code = code;
  }
}

const answerWithinMs = 10_000;
const pausesMs = [50, 250] as const;
const unavailable = 'vault_unavailable';

/** `repeat`: the question is idempotent, so it is asked again where the vault did not answer. */
type Question<S extends z.ZodType> = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly reply: S;
  readonly body?: unknown;
  readonly repeat: boolean;
};

export function vaultClient(options: { readonly address: string; readonly token: string }) {
  const ask = async <S extends z.ZodType>(question: Question<S>): Promise<z.output<S>> => {
    for (const pauseMs of question.repeat ? pausesMs : []) {
      try {
        return await askOnce(options, question);
      } catch (error) {
        if (!(error instanceof VaultError) || error.code !== unavailable) throw error;
        await pause(pauseMs);
      }
    }
    return askOnce(options, question);
  };
  const get = <S extends z.ZodType>(path: string, reply: S) => ask({ method: 'GET', path, reply, repeat: true });
  const post = <S extends z.ZodType>(path: string, reply: S, body: unknown) =>
    ask({ method: 'POST', path, reply, body, repeat: true });
  /** Done again, it would be done twice. */
  const once = <S extends z.ZodType>(path: string, reply: S, body: unknown) =>
    ask({ method: 'POST', path, reply, body, repeat: false });
  const of = (studyId: string) => `/studies/${encodeURIComponent(studyId)}`;
  return {
    health: () => get('/health', protocol.healthReply),
    createStudy: (request: protocol.CreateStudyRequest) => post('/studies', protocol.createStudyReply, request),
    allocate: (studyId: string, request: protocol.AllocationRequest) =>
      post(`${of(studyId)}/allocations`, protocol.allocationReply, request),
    replaceKit: (studyId: string, request: protocol.ReplacementRequest) =>
      post(`${of(studyId)}/replacements`, protocol.replacementReply, request),
    listShipments: (studyId: string) => get(`${of(studyId)}/shipments`, protocol.shipmentsReply),
    takeInCapsules: (studyId: string, body: protocol.TakeInRequest) =>
      once(`${of(studyId)}/capsules`, protocol.doneReply, body),
    registerSite: (studyId: string, body: protocol.RegistrationRequest) =>
      once(`${of(studyId)}/registrations`, protocol.doneReply, body),
    makeKits: (studyId: string, body: protocol.MakeKitsRequest) =>
      once(`${of(studyId)}/kits`, protocol.makeKitsReply, body),
    sendKits: (studyId: string, body: protocol.SendKitsRequest) =>
      once(`${of(studyId)}/shipments`, protocol.sendKitsReply, body),
    judgeShipment: (studyId: string, shipmentId: string, body: protocol.JudgementRequest) =>
      once(`${of(studyId)}/shipments/${encodeURIComponent(shipmentId)}/judgements`, protocol.doneReply, body),
    /** All acts of the request or none. */
    recordKitActs: (studyId: string, acts: protocol.KitActsRequest['acts']) =>
      post(`${of(studyId)}/kit-acts`, protocol.kitActsReply, { acts }),
    planEnvelopes: (studyId: string, request: protocol.EnvelopeRequest) =>
      post(`${of(studyId)}/envelopes`, protocol.envelopeReply, request),
    /** Not repeated: every sheet has a seal of its own. */
    envelopeSheet: (studyId: string, body: protocol.SheetRequest) =>
      ask({ method: 'POST', path: `${of(studyId)}/envelope-sheets`, reply: protocol.sheetReply, body, repeat: false }),
    release: (studyId: string, request: protocol.ReleaseRequest) =>
      post(`${of(studyId)}/release`, protocol.releaseReply, request),
    recordBatch: (studyId: string, request: protocol.BatchRequest) =>
      post(`${of(studyId)}/batches`, protocol.batchReply, request),
    listBatches: (studyId: string) => get(`${of(studyId)}/batches`, protocol.batchListReply),
    recordBatchAct: (studyId: string, batchId: string, request: protocol.BatchActRequest) =>
      post(`${of(studyId)}/batches/${batchId}/acts`, protocol.batchActReply, request),
    /** What an act was judged from. */
    readBatchAct: (studyId: string, batchId: string, actId: string) =>
      get(`${of(studyId)}/batches/${batchId}/acts/${encodeURIComponent(actId)}`, protocol.batchActRequest),
    /** Every kit with a capsule of it, for a recall. */
    traceBatch: (studyId: string, batchId: string) =>
      get(`${of(studyId)}/batches/${batchId}/kits`, protocol.batchTraceReply),
    /** A file that the batch's record or a retest names by its hash. */
    storeCertificate: (studyId: string, batchId: string, bytes: Uint8Array) =>
      ask({
        method: 'PUT',
        path: `${of(studyId)}/batches/${batchId}/certificates/${hash('sha256', bytes, 'hex')}`,
        reply: protocol.certificateReply,
        body: bytes,
        repeat: true,
      }),
    readCertificate: (studyId: string, batchId: string, sha256: string) =>
      readFile(options, `${of(studyId)}/batches/${batchId}/certificates/${sha256}`, sha256),
    packingList: (studyId: string, kit: string) => get(`${of(studyId)}/kits/${kit}`, protocol.packingListReply),
    markPacked: (studyId: string, kit: string) => post(`${of(studyId)}/kits/${kit}/packed`, protocol.packedReply, {}),
    /** Not repeated: every code break is one on the trail. */
    breakCode: (studyId: string, body: protocol.CodeBreakRequest) =>
      ask({
        method: 'POST',
        path: `${of(studyId)}/code-breaks`,
        reply: protocol.codeBreakReply,
        body,
        repeat: false,
      }),
  };
}

async function askOnce<S extends z.ZodType>(
  { address, token }: { readonly address: string; readonly token: string },
  { method, path, reply, body }: Question<S>,
): Promise<z.output<S>> {
  const headers = { authorization: `Bearer ${token}` };
  try {
    const response = await fetch(`${address}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
      ...sent(headers, body),
    });
    const answer: unknown = await response.json();
    if (response.ok) return reply.parse(answer);
    throw refusalOf(answer);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    throw new VaultError(unavailable, 'The vault did not answer as agreed.');
  }
}

function sent(headers: Record<string, string>, body: unknown) {
  if (body === undefined) return { headers };
  return body instanceof Uint8Array
    ? { headers: { ...headers, 'content-type': 'application/octet-stream' }, body: Uint8Array.from(body) }
    : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The bytes, if they are those that were asked for. */
async function readFile(
  { address, token }: { readonly address: string; readonly token: string },
  path: string,
  sha256: string,
): Promise<{ type: string; bytes: Uint8Array }> {
  try {
    const response = await fetch(`${address}${path}`, {
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw refusalOf(await response.json());
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (hash('sha256', bytes, 'hex') === sha256) return { type: response.headers.get('content-type') ?? '', bytes };
  } catch (error) {
    if (error instanceof VaultError) throw error;
  }
  throw new VaultError(unavailable, 'The vault did not answer as agreed.');
}

function refusalOf(answer: unknown): VaultError {
  const { code, detail } = (answer ?? {}) as { code?: unknown; detail?: unknown };
  if (typeof code !== 'string' || code === 'unavailable') {
    return new VaultError(unavailable, 'The vault cannot answer now.');
  }
  return new VaultError(code, typeof detail === 'string' ? detail : code);
}

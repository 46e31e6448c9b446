/** The vault from outside, for the people of the supply and for tests: typed questions over HTTP. */
import type { z } from 'zod';
import * as protocol from './protocol.ts';

/** The vault refused, or could not be reached (`unavailable`). */
export class VaultError extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.name = 'VaultError';
    this.code = code;
  }
}

const answerWithinMs = 10_000;

export function vaultClient(options: { readonly address: string; readonly token: string }) {
  const ask = async <S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    reply: S,
    body?: unknown,
  ): Promise<z.output<S>> => {
    const response = await fetch(`${options.address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(answerWithinMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      throw new VaultError('unavailable', error.message);
    });
    const answer = (await response.json()) as { code?: string; detail?: string };
    if (!response.ok) throw new VaultError(answer.code ?? 'unavailable', answer.detail ?? `status ${response.status}`);
    return reply.parse(answer);
  };
  const of = (studyId: string) => `/studies/${encodeURIComponent(studyId)}`;
  return {
    health: () => ask('GET', '/health', protocol.healthReply),
    createStudy: (request: protocol.CreateStudyRequest) => ask('POST', '/studies', protocol.createStudyReply, request),
    allocate: (studyId: string, request: protocol.AllocationRequest) =>
      ask('POST', `${of(studyId)}/allocations`, protocol.allocationReply, request),
    release: (studyId: string, request: protocol.ReleaseRequest) =>
      ask('POST', `${of(studyId)}/release`, protocol.releaseReply, request),
    recordBatch: (studyId: string, request: protocol.BatchRequest) =>
      ask('POST', `${of(studyId)}/batches`, protocol.batchReply, request),
    packingList: (studyId: string, kit: string) => ask('GET', `${of(studyId)}/kits/${kit}`, protocol.packingListReply),
    markPacked: (studyId: string, kit: string) =>
      ask('POST', `${of(studyId)}/kits/${kit}/packed`, protocol.packedReply, {}),
    breakCode: (studyId: string, request: protocol.CodeBreakRequest) =>
      ask('POST', `${of(studyId)}/code-breaks`, protocol.codeBreakReply, request),
  };
}

/** The hash by which the ledger knows a protocol document. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@limen/ledger';

/** SHA-256 over the canonical JSON of the parsed document: spaces and the order of fields do not count. */
export function hashProtocol(protocol: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(protocol))))
    .digest('hex');
}

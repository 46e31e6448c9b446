/** Written answers to findings. */
import type { ProtocolDocument } from './document.ts';
import type { Finding } from './findings/finding.ts';

/** What the document says to a finding, or `undefined`. */
export function answerTo(
  protocol: ProtocolDocument,
  { code, path }: Pick<Finding, 'code' | 'path'>,
): string | undefined {
  return protocol.answers?.find((given) => given.code === code && given.path === path)?.answer;
}

/** The findings nobody has answered in the document; errors cannot be answered away and are always among them. */
export function unanswered(protocol: ProtocolDocument, found: readonly Finding[]): Finding[] {
  return found.filter((one) => one.severity === 'error' || answerTo(protocol, one) === undefined);
}

/** What is wrong with a draft and what stands out in it: worked out here, by the same code as on the server. */
import { answerTo, findings, type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { stepsOf, valueAt } from './value.ts';

export type Severity = 'error' | 'warning' | 'advice';

export type Remark = {
  readonly severity: Severity;
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly source?: string;
  /** Where it stands in the text; only of what keeps the document from being read. */
  readonly at?: { readonly line: number; readonly column: number };
  /** What the document says to it; errors cannot be answered away. */
  readonly answer?: string;
};

export type Check = {
  readonly remarks: readonly Remark[];
  /** The document, where it can be read as one. */
  readonly protocol: ProtocolDocument | undefined;
  /** No errors: a study can be made of it. */
  readonly sound: boolean;
};

export function plainOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function checkText(text: string): Check {
  const parsed = parseProtocol(text);
  if (!parsed.ok) {
    const value = plainOf(text);
    const remarks = parsed.problems.map(({ code, path, message, line, column }): Remark => {
      const empty = code === 'invalid_value' && valueAt(value, stepsOf(path)) === '';
      return {
        severity: 'error',
        code,
        path,
        message: empty ? 'This is still to be filled in.' : message,
        at: { line, column },
      };
    });
    return { remarks, protocol: undefined, sound: false };
  }
  const { protocol } = parsed;
  const remarks = findings(protocol).map((finding): Remark => {
    const answer = finding.severity === 'error' ? undefined : answerTo(protocol, finding);
    return answer === undefined ? finding : { ...finding, answer };
  });
  return { remarks, protocol, sound: !remarks.some(({ severity }) => severity === 'error') };
}

/** The place in a text of a line and a column, both from 1. */
export function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  let start = 0;
  for (let n = 1; n < line; n += 1) {
    const next = text.indexOf('\n', start);
    if (next === -1) break;
    start = next + 1;
  }
  return Math.min(text.length, start + column - 1);
}

/** What is wrong with a draft and what stands out in it: worked out here, by the same code as on the server. */
import { findings, parseProtocol } from '@limen/protocol';

export type Remark = {
  readonly severity: 'error' | 'warning' | 'advice';
  readonly code: string;
  readonly path: string;
  readonly message: string;
  /** Where it stands in the text; only of what keeps the document from being read. */
  readonly at?: { readonly line: number; readonly column: number };
};

export type Check = {
  /** The document as plain JSON; undefined where the text is no JSON. */
  readonly value: unknown;
  readonly remarks: readonly Remark[];
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
  const value = plainOf(text);
  if (!parsed.ok) {
    const remarks = parsed.problems.map(
      ({ code, path, message, line, column }): Remark => ({
        severity: 'error',
        code,
        path,
        message,
        at: { line, column },
      }),
    );
    return { value, remarks, sound: false };
  }
  const remarks = findings(parsed.protocol);
  return { value, remarks, sound: !remarks.some(({ severity }) => severity === 'error') };
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

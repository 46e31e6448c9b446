/** One JSON line per request: ids, route, status, time. Never a path with ids, a body, an answer, a name or an address. */

export type LogLine = { readonly level: 'info' | 'warn' | 'error'; readonly event: string } & Readonly<
  Record<string, string | number | boolean | null>
>;
export type Log = (line: LogLine) => void;

/** Writes to a stream; a stream that is gone takes the log down, not the server. */
export function logTo(stream: { write(text: string): unknown }, now: () => string): Log {
  return (line) => {
    try {
      stream.write(`${JSON.stringify({ at: now(), ...line })}\n`);
    } catch {
      // There is nowhere left to say it.
    }
  };
}

/** What may be said of an unexpected error: its kind and where in our code, never its message, which may hold values. */
export function describeError(error: unknown): { kind: string; code: string; at: string } {
  if (!(error instanceof Error)) return { kind: typeof error, code: '', at: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const place = error.stack?.split('\n').find((line) => line.includes('/apps/') || line.includes('/packages/'));
  return {
    kind: error.name,
    code,
    at:
      place
        ?.trim()
        .replace(/^at /, '')
        .replace(/\(?file:\/\/.*?\/(apps|packages)\//, '($1/') ?? '',
  };
}

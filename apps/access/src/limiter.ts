/** Failed attempts by key in a sliding window, in memory. Successes cost nothing: a clinic behind one address may all come. */

export type LimiterOptions = { readonly failures: number; readonly windowMs: number; readonly now: () => number };

const keysKept = 10_000;

export type Limiter = { blocked(key: string): boolean; fail(key: string): void; clear(key: string): void };

export function openLimiter({ failures, windowMs, now }: LimiterOptions): Limiter {
  const attempts = new Map<string, number[]>();

  const recent = (key: string): number[] => {
    const since = now() - windowMs;
    return (attempts.get(key) ?? []).filter((at) => at > since);
  };

  const forgetOldest = () => {
    const [oldest] = attempts.keys();
    if (attempts.size > keysKept && oldest !== undefined) attempts.delete(oldest);
  };

  return {
    blocked: (key) => recent(key).length >= failures,
    fail(key) {
      const list = [...recent(key), now()].slice(-failures);
      attempts.delete(key);
      attempts.set(key, list);
      forgetOldest();
    },
    clear(key) {
      attempts.delete(key);
    },
  };
}

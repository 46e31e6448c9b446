/** One act at a time per key within this process: acts on one stream would only undo one another's work. */
import { problemOf } from '../server/problem.ts';

export type Queue = { run<T>(key: string, work: () => Promise<T>): Promise<T> };

const waitersPerKey = 200;

export function openQueue(): Queue {
  const lines = new Map<string, { tail: Promise<unknown>; length: number }>();
  return {
    run(key, work) {
      const line = lines.get(key) ?? { tail: Promise.resolve(), length: 0 };
      if (line.length >= waitersPerKey) return Promise.reject(problemOf('busy'));
      const mine = line.length === 0 ? work() : line.tail.then(work, work);
      line.tail = mine;
      line.length += 1;
      lines.set(key, line);
      const leave = () => {
        line.length -= 1;
        if (line.length === 0) lines.delete(key);
      };
      mine.then(leave, leave);
      return mine;
    },
  };
}

/**
 * The closed list of what may differ between two worlds: what is declassified, for whom, and of whom. Everything else
 * that differs is a leak. An entry is added here when the product gains a way to declassify, and nowhere else.
 */

/** As whom the answer to a code break is heard. */
export const codeBreaker = 'person who broke the code';

type Declassified = {
  readonly name: string;
  /** Whether a line whose first line reads so may differ; `moved`: the people for whom the worlds drew something else. */
  readonly covers: (head: string, moved: ReadonlySet<string>) => boolean;
};

export const declassified: readonly Declassified[] = [
  {
    name: 'who broke the code of one participant is told of that participant',
    covers: (head, moved) => [...moved].some((participantId) => head === `${codeBreaker}: ${participantId}`),
  },
];

export function isAllowed(one: string | undefined, other: string | undefined, moved: ReadonlySet<string>): boolean {
  return one !== undefined && one === other && declassified.some(({ covers }) => covers(one, moved));
}

/** What was answered before the app was replaced by a newer one, in the questions that are still asked the same way. */
import { type Answers, type Instrument, validateAnswers } from '@limen/instruments';

/** Answers not yet sent, and the screen they were left on. `version` is the instrument's id and version. */
export type Kept = { readonly version: string; readonly answers: Answers; readonly screen: number };

export const versionOf = ({ id, version }: Instrument): string => `${id} ${version}`;

const notKept: ReadonlySet<string> = new Set([
  'unknown-item',
  'wrong-type',
  'not-an-option',
  'out-of-range',
  'too-fine',
  'too-long',
  'too-many',
  'repeated',
  'excludes-others',
]);

/**
 * A draft as this version of the instrument can take it up. Of an earlier version, answers the questions still take are
 * kept, and the form begins at its first screen, so that new or changed questions are seen.
 */
export function takenUp(instrument: Instrument, draft: Kept | null): Kept {
  const version = versionOf(instrument);
  if (draft === null) return { version, answers: {}, screen: 0 };
  if (draft.version === version) return draft;
  if (!draft.version.startsWith(`${instrument.id} `)) return { version, answers: {}, screen: 0 };
  const unfit = new Set(
    validateAnswers(instrument, draft.answers).problems.flatMap(({ item, code }) => (notKept.has(code) ? [item] : [])),
  );
  const answers = Object.fromEntries(Object.entries(draft.answers).filter(([item]) => !unfit.has(item)));
  return { version, answers, screen: 0 };
}

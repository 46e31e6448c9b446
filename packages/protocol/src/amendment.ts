/** What changes from one version of a protocol to the next: for whom, from when, and whether people are asked again. */
import { type ChangeEffect, effectOf } from './amendment/effects.ts';
import { compareVersions, newestConsent } from './consent.ts';
import type { ProtocolDocument } from './document.ts';
import { formatPath, type Path } from './document-path.ts';
import { fixedChanges } from './versions.ts';

export type AmendmentChange = ChangeEffect & {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** In the newer document; of what was removed, in the older one. */
  readonly path: string;
  /** The list items on the way by their ids: `activities “daily-check-in”, window, closesAt`. */
  readonly place: string;
  /** Absent where it was added. */
  readonly before?: unknown;
  /** Absent where it was removed. */
  readonly after?: unknown;
};

export const amendmentProblems = {
  id_changed: 'An amendment has the id of its protocol.',
  version_not_later: 'An amendment has a later version.',
  committed: 'The randomisation was committed with it.',
  consent_not_later: 'People are asked again and the consent text has no later version.',
  history_missing: 'The history of versions does not tell of this one.',
} as const;

export type AmendmentProblem = {
  readonly code: keyof typeof amendmentProblems;
  readonly path: string;
  readonly message: string;
};

export type Amendment = {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly AmendmentChange[];
  /** Whether people who take part are asked again: so proposed by the changes; a person decides and signs. */
  readonly reconsent: boolean;
  readonly reasons: readonly string[];
  /** What keeps the newer document from taking the place of the older one. */
  readonly problems: readonly AmendmentProblem[];
};

/**
 * Compares two versions of one protocol, field by field; items of a list are told apart by their ids.
 *
 *     const { changes, reconsent } = amendment(before, after);
 */
export function amendment(before: ProtocolDocument, after: ProtocolDocument): Amendment {
  const changes = documentChanges(before, after);
  const asking = changes.filter((change) => change.reconsent);
  const reasons = [...new Set(asking.map(({ reason }) => reason))];
  return {
    from: before.version,
    to: after.version,
    changes,
    reconsent: asking.length > 0,
    reasons,
    problems: amendmentProblemsOf(before, after, asking.length > 0),
  };
}

/**
 * What keeps one document from taking the place of another in a running study.
 * @param reconsent whether people are asked again
 */
export function amendmentProblemsOf(
  before: ProtocolDocument,
  after: ProtocolDocument,
  reconsent: boolean,
): AmendmentProblem[] {
  const problems = fixedChanges(before, after).map(
    ({ path, message }): AmendmentProblem => ({ code: path === 'id' ? 'id_changed' : 'committed', path, message }),
  );
  if (compareVersions(after.version, before.version) <= 0) {
    const message = `Version ${after.version} does not come after ${before.version}.`;
    problems.push({ code: 'version_not_later', path: 'version', message });
  }
  const [was, is] = [newestConsent(before).version, newestConsent(after).version];
  if (reconsent && compareVersions(is, was) <= 0) {
    const message = `People are asked again and the consent text is still version ${was}.`;
    problems.push({ code: 'consent_not_later', path: 'consent', message });
  }
  if (after.identity?.versions?.at(-1)?.version !== after.version) {
    const message = `identity.versions does not say what version ${after.version} changes.`;
    problems.push({ code: 'history_missing', path: 'identity.versions', message });
  }
  return problems;
}

/** Every difference of two documents with its effect; none for equal ones. */
export function documentChanges(before: ProtocolDocument, after: ProtocolDocument): AmendmentChange[] {
  return differences(plain(before), plain(after), [], []).map(({ names, path, ...difference }) => ({
    ...difference,
    path: formatPath(path),
    place: placeOf(names, path),
    ...effectOf(names, difference.kind),
  }));
}

type Difference = Pick<AmendmentChange, 'kind' | 'before' | 'after'> & { readonly path: Path; readonly names: Names };
/** Field names, and the ids of list items in place of their numbers. */
type Names = readonly (string | number)[];
type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** As it stands in the file: what is undefined is not there. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function differences(before: unknown, after: unknown, path: Path, names: Names): Difference[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ kind: 'added', after, path, names }];
  if (after === undefined) return [{ kind: 'removed', before, path, names }];
  if (isPlain(before) && isPlain(after)) {
    const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return fields.flatMap((field) => differences(before[field], after[field], [...path, field], [...names, field]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path, names);
  return before === after ? [] : [{ kind: 'changed', before, after, path, names }];
}

function listDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
  names: Names,
): Difference[] {
  const [old, young] = [keysOf(before), keysOf(after)];
  if (old === null || young === null) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ kind: 'changed', before, after, path, names }];
  }
  const removed = [...old].flatMap(([key, index]): Difference[] =>
    young.has(key) ? [] : [{ kind: 'removed', before: before[index], path: [...path, index], names: [...names, key] }],
  );
  const kept = [...young].flatMap(([key, index]) => {
    const was = old.get(key);
    const place = { path: [...path, index], names: [...names, key] };
    return was === undefined
      ? [{ kind: 'added' as const, after: after[index], ...place }]
      : differences(before[was], after[index], place.path, place.names);
  });
  const common = (from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>) =>
    [...from.keys()].filter((key) => to.has(key));
  const [order, now] = [common(old, young), common(young, old)];
  const moved = order.join('\n') !== now.join('\n');
  const move: Difference[] = moved ? [{ kind: 'moved', before: order, after: now, path, names }] : [];
  return [...removed, ...kept, ...move];
}

/** Positions by what tells the items apart: id, item number, version with language; null: nothing does. */
function keysOf(list: readonly unknown[]): ReadonlyMap<string, number> | null {
  const keys = list.map((item) => (isPlain(item) ? keyOf(item) : null));
  const found = new Map(keys.flatMap((key, index): [string, number][] => (key === null ? [] : [[key, index]])));
  return found.size === list.length ? found : null;
}

function keyOf(item: Plain): string | null {
  if (typeof item.id === 'string') return item.id;
  if (typeof item.item === 'string') return item.item;
  if (typeof item.version === 'string') return [item.version, item.language].filter(Boolean).join(' ');
  if (typeof item.role === 'string') return item.role;
  if (typeof item.code === 'string' && typeof item.path === 'string') return `${item.code} ${item.path}`;
  return null;
}

const words = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);

/** An id stands where the path has a position. */
function placeOf(names: Names, path: Path): string {
  return names.map((name, index) => (typeof path[index] === 'number' ? `“${name}”` : words(String(name)))).join(', ');
}

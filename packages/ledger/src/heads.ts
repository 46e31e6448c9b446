/** The heads of all streams of a study, and the Merkle root over them. */
import { canonicalJson } from './canonical.ts';
import { assertHash } from './digest.ts';
import { LedgerError } from './errors.ts';
import { auditPath, climb, growTree, leafHash, replaceLeaf, rootOf, type Tree } from './merkle.ts';

/** Where a stream stood: the hash of its entry `seq`. A leaf of the tree, ordered by stream name (UTF-16 code units). */
export type StreamHead = { readonly stream: string; readonly seq: number; readonly hash: string };

export type HeadSummary = {
  readonly root: string;
  readonly streams: number;
  /** Entries of all streams together. */
  readonly entries: number;
};

export type HeadSet = {
  /** Sets where a stream stands now. A known stream costs its path of the tree, a new one a new tree. */
  move(head: StreamHead): void;
  get(stream: string): StreamHead | undefined;
  summary(): HeadSummary;
  /** All heads in the order of the leaves. */
  list(): readonly StreamHead[];
  prove(stream: string): InclusionProof;
};

export type InclusionProof = {
  readonly head: StreamHead;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
};

/** Keeps heads as they move. Throws `heads.duplicate` when a stream is given twice at the start. */
export function openHeadSet(initial: Iterable<StreamHead> = []): HeadSet {
  const heads = new Map<string, StreamHead>();
  let entries = 0;
  let order: readonly string[] | null = null;
  let places = new Map<string, number>();
  let tree: Tree = [];
  const leaves = new Map<string, Uint8Array>();

  const grown = (): Tree => {
    if (order !== null) return tree;
    order = [...heads.keys()].sort(byCodeUnits);
    places = new Map(order.map((stream, index) => [stream, index]));
    tree = growTree(order.flatMap((stream) => leaves.get(stream) ?? []));
    return tree;
  };

  const move = (head: StreamHead) => {
    assertHead(head);
    const before = heads.get(head.stream);
    const leaf = leafHash(leafText(head));
    heads.set(head.stream, { stream: head.stream, seq: head.seq, hash: head.hash });
    leaves.set(head.stream, leaf);
    entries += head.seq - (before?.seq ?? 0);
    const place = places.get(head.stream);
    if (order !== null && place !== undefined) replaceLeaf(tree, place, leaf);
    else order = null;
  };

  for (const head of initial) {
    if (heads.has(head.stream)) throw new LedgerError('heads.duplicate', head.stream);
    move(head);
  }

  return {
    move,
    get: (stream) => heads.get(stream),
    summary: () => ({ root: rootOf(grown()), streams: heads.size, entries }),
    list: () => [...heads.values()].sort((a, b) => byCodeUnits(a.stream, b.stream)),
    prove(stream) {
      const path = grown();
      const [head, index] = [heads.get(stream), places.get(stream)];
      if (head === undefined || index === undefined) throw new LedgerError('heads.unknown', stream);
      return { head, index, size: heads.size, path: auditPath(path, index) };
    },
  };
}

/** Root over the heads, in any order given. */
export function checkpointRoot(heads: Iterable<StreamHead>): string {
  return openHeadSet(heads).summary().root;
}

/** Proof that a stream's head is under the root, for somebody who may see that stream only. */
export function proveInclusion(heads: Iterable<StreamHead>, stream: string): InclusionProof {
  return openHeadSet(heads).prove(stream);
}

export function verifyInclusion(root: string, proof: InclusionProof): boolean {
  return climb(leafHash(leafText(proof.head)), proof.index, proof.size, proof.path) === root;
}

function leafText({ hash, seq, stream }: StreamHead): string {
  return canonicalJson({ hash, seq, stream });
}

function assertHead(head: StreamHead): void {
  assertHash(head.hash);
  if (head.stream === '') throw new LedgerError('text.empty', 'stream');
  if (!Number.isSafeInteger(head.seq) || head.seq < 1) throw new LedgerError('seq.invalid', String(head.seq));
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

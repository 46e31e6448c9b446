/**
 * Merkle tree as in RFC 6962, section 2.1: leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right), the left
 * subtree being the largest full one. Joining neighbours level by level and carrying a last odd node up gives that tree.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export function leafHash(data: string): Uint8Array {
  return sha256.create().update(Uint8Array.of(0)).update(utf8ToBytes(data)).digest();
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256.create().update(Uint8Array.of(1)).update(left).update(right).digest();
}

/** All levels of a tree, leaves first, root last. */
export type Tree = Uint8Array[][];

export function growTree(leaves: readonly Uint8Array[]): Tree {
  const tree: Tree = [[...leaves]];
  for (let level = tree[0] ?? []; level.length > 1; level = tree.at(-1) ?? []) {
    tree.push(Array.from({ length: Math.ceil(level.length / 2) }, (_, place) => joined(level, place)));
  }
  return tree;
}

/** Replaces one leaf; only the path above it is hashed again. */
export function replaceLeaf(tree: Tree, index: number, leaf: Uint8Array): void {
  const [leaves] = tree;
  if (leaves?.[index] === undefined) throw new RangeError(`no leaf ${index}`);
  leaves[index] = leaf;
  let place = index;
  for (let height = 1; height < tree.length; height += 1) {
    const [below, level] = [tree[height - 1], tree[height]];
    if (below === undefined || level === undefined) return;
    place >>= 1;
    level[place] = joined(below, place);
  }
}

/** The root as hexadecimal digits; of no leaves SHA-256 of nothing. */
export function rootOf(tree: Tree): string {
  return bytesToHex(tree.at(-1)?.[0] ?? sha256(new Uint8Array(0)));
}

/** Audit path of a leaf, from its neighbour upwards (RFC 6962, section 2.1.1). */
export function auditPath(tree: Tree, index: number): readonly string[] {
  const path: string[] = [];
  let place = index;
  for (const level of tree.slice(0, -1)) {
    const neighbour = level[place ^ 1];
    if (neighbour !== undefined) path.push(bytesToHex(neighbour));
    place >>= 1;
  }
  return path;
}

/** The root that a leaf and its path lead to; null when the path does not fit the tree (RFC 9162, section 2.1.3.2). */
export function climb(leaf: Uint8Array, index: number, size: number, path: readonly string[]): string | null {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let [hash, place, last, used] = [leaf, index, size - 1, 0];
  for (; last > 0; place = Math.floor(place / 2), last = Math.floor(last / 2)) {
    const isLeft = place % 2 === 0;
    if (isLeft && place === last) continue;
    const step = path[used];
    if (step === undefined || !/^[0-9a-f]{64}$/.test(step)) return null;
    used += 1;
    hash = isLeft ? nodeHash(hash, hexToBytes(step)) : nodeHash(hexToBytes(step), hash);
  }
  return used === path.length ? bytesToHex(hash) : null;
}

function joined(below: readonly Uint8Array[], place: number): Uint8Array {
  const [left, right] = [below[2 * place], below[2 * place + 1]];
  if (left === undefined) throw new RangeError(`no node ${2 * place}`);
  return right === undefined ? left : nodeHash(left, right);
}

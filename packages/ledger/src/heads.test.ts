import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { portableDigest } from './digest.ts';
import { LedgerError } from './errors.ts';
import { checkpointRoot, openHeadSet, proveInclusion, type StreamHead, verifyInclusion } from './heads.ts';
import { growTree, leafHash, rootOf } from './merkle.ts';

const headOf = (stream: string, seq = 1): StreamHead => ({ stream, seq, hash: portableDigest(`${stream} ${seq}`) });
const someHeads = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 40 })
  .map((streams) => streams.map((stream) => headOf(stream)));

test('roots are those of the test vectors of Certificate Transparency', () => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  for (const [size, root] of roots.entries()) {
    const texts = leaves.slice(0, size).map((hex) => Buffer.from(hex, 'hex').toString('latin1'));
    assert.equal(rootOf(growTree(texts.map(leafHash))), root);
  }
});

test('the tree is the one that RFC 6962 defines by splitting', () => {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const defined = (leaves: readonly Uint8Array[]): Uint8Array => {
    const [only] = leaves;
    if (leaves.length === 1 && only !== undefined) return only;
    const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
    return sha256(Uint8Array.of(1), defined(leaves.slice(0, split)), defined(leaves.slice(split)));
  };
  for (let size = 1; size <= 70; size += 1) {
    const leaves = Array.from({ length: size }, (_, index) => leafHash(`leaf ${index}`));
    assert.equal(rootOf(growTree(leaves)), Buffer.from(defined(leaves)).toString('hex'));
  }
});

test('every stream can be shown to be under the root, and nothing else can', () => {
  fc.assert(
    fc.property(someHeads, fc.nat(), (heads, at) => {
      const root = checkpointRoot(heads);
      const head = heads[at % heads.length];
      assert.ok(head !== undefined);
      const proof = proveInclusion(heads, head.stream);
      assert.deepEqual(proof.head, head);
      assert.ok(verifyInclusion(root, proof));
      assert.ok(!verifyInclusion(root, { ...proof, head: { ...head, seq: 2 } }));
      assert.ok(!verifyInclusion(root, { ...proof, head: headOf('another stream') }));
      assert.ok(!verifyInclusion(root, { ...proof, size: proof.size + heads.length }));
      assert.ok(!verifyInclusion(root, { ...proof, path: [...proof.path, root] }));
      assert.ok(!verifyInclusion(root, { ...proof, index: heads.length }));
      if (proof.path.length > 0) assert.ok(!verifyInclusion(root, { ...proof, path: proof.path.slice(1) }));
    }),
  );
});

test('moving heads one by one gives the root made from scratch', () => {
  const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(moves, (list) => {
      const set = openHeadSet();
      const heads = new Map<string, StreamHead>();
      for (const [number, look] of list) {
        const stream = `stream-${number}`;
        const head = headOf(stream, (heads.get(stream)?.seq ?? 0) + 1);
        heads.set(stream, head);
        set.move(head);
        if (look) assert.equal(set.summary().root, checkpointRoot(heads.values()));
      }
      const entries = [...heads.values()].reduce((sum, { seq }) => sum + seq, 0);
      assert.deepEqual(set.summary(), { root: checkpointRoot(heads.values()), streams: heads.size, entries });
    }),
  );
});

test('the order in which heads are given makes no difference', () => {
  fc.assert(fc.property(someHeads, (heads) => assert.equal(checkpointRoot(heads.toReversed()), checkpointRoot(heads))));
});

test('a stream given twice, an unknown one and an unsound head are refused', () => {
  const code = (expected: string) => (error: unknown) => error instanceof LedgerError && error.code === expected;
  assert.throws(() => checkpointRoot([headOf('a'), headOf('a', 2)]), code('heads.duplicate'));
  assert.throws(() => proveInclusion([headOf('a')], 'b'), code('heads.unknown'));
  assert.throws(() => checkpointRoot([{ stream: 'a', seq: 1, hash: '' }]), code('hash.malformed'));
  assert.throws(() => checkpointRoot([{ ...headOf('a'), seq: 0 }]), code('seq.invalid'));
});

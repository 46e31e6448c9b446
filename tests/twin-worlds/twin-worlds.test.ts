/**
 * Blinding as non-interference: the same study is lived through twice under two allocations, and every byte that a blinded
 * person can receive is compared. See README.md.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { roles } from '@limen/conduct';
import { allRoutes } from '@limen/contract';
import { everything, small } from './fixed.ts';
import type { Leak } from './leak.ts';
import { leaks } from './leaks/index.ts';
import { type Clusters, type Compared, closeClusters, openClusters, openPair, type Pair } from './pair.ts';
import { generate, twins } from './scenario.ts';
import { describe } from './tell.ts';

const scenarios = 50;

let clusters: Clusters;
let pair: Pair;
before(async () => {
  clusters = openClusters();
  pair = await openPair(clusters);
});
after(async () => {
  await pair.close();
  await closeClusters(clusters);
});

const assertSame = ({ difference }: Compared, what: string) =>
  assert.equal(difference, null, describe(what, difference));

test('A world and itself give the same bytes, so every difference elsewhere is the allocation’s', async () => {
  const [draws] = everything.draws;
  const compared = await pair.compare(everything, { draws: [draws, draws] });
  assertSame(compared, 'everything');
  assert.equal(compared.moved, 0);
  assert.ok(compared.lines > 1500, `${compared.lines} answers`);
});

test('Every route that reads is visited, as every role there is', async () => {
  const compared = await pair.compare(everything);
  assertSame(compared, 'everything');
  assert.ok(compared.moved > 0, 'the allocations differ');
  for (const route of allRoutes) if (route.method === 'GET') assert.ok(compared.routes.includes(route.id), route.id);
  for (const role of roles)
    assert.ok(
      compared.roles.some((one) => one.startsWith(role)),
      role,
    );
});

for (const [index, twin] of twins.entries()) {
  test(`Nothing a blinded person receives tells one allocation from another: ${twin}`, async () => {
    let moved = 0;
    let declassified = 0;
    const own = Array.from({ length: scenarios }, (_, n) => n).filter((n) => n % twins.length === index);
    for (const n of own) {
      const scenario = generate(`scenario ${n}`, n);
      const compared = await pair.compare(scenario);
      assertSame(compared, scenario.seed);
      moved += compared.moved > 0 ? 1 : 0;
      declassified += compared.declassified;
    }
    assert.ok(moved > own.length / 2, `the allocations differ in ${moved} of ${own.length} scenarios`);
    assert.equal(declassified > 0, twin === 'declassify', `${declassified} answers to a code break differ`);
  });
}

test('After all of it, the two databases hold the same rows, relations and functions', async () => {
  assertSame(await pair.compareDatabases(), 'the whole database');
});

test('Seeds that the vaults drew by themselves tell nothing either', async () => {
  const own = await openPair(clusters, { vaultSeeds: ['one', 'another'] });
  try {
    const compared = await own.compare({ ...everything, thorough: false }, { draws: [null, null] });
    assertSame(compared, 'everything');
    assert.ok(compared.moved > 0, 'the allocations differ');
    assertSame(await own.compareWrites(), 'how often each table was written to');
  } finally {
    await own.close();
  }
});

const caught = new Map<string, string>();

async function catchLeak(among: Pair, leak: Leak): Promise<void> {
  const [from] = small.draws;
  const draws = leak.swapped ? ([from, { ...from, swapped: true }] as const) : small.draws;
  const { difference, moved } = await among.compare(small, { leak: leak.name, draws });
  assert.equal(moved, leak.swapped ? small.people : 1, 'people drawn into another arm');
  assert.ok(difference, 'the leak was not seen');
  caught.set(leak.name, difference.at);
}

for (const leak of leaks) {
  test(`A planted leak is caught: ${leak.name}`, async () => {
    if (!leak.changesCourse) return catchLeak(pair, leak);
    const own = await openPair(clusters);
    try {
      await catchLeak(own, leak);
    } finally {
      await own.close();
    }
  });
}

test('Without a leak the worlds in which leaks were planted are the same, so each was caught by itself', async () => {
  assertSame(await pair.compare(small), 'no leak');
  for (const leak of leaks) assert.ok(caught.has(leak.name), leak.name);
  assert.ok(leaks.length >= 20);
});

test('Each planted leak and where it was first seen', (context) => {
  for (const [name, at] of caught) context.diagnostic(`${name.padEnd(64)} ${at}`);
});

/**
 * Blinding as non-interference: the same study is lived through twice under two allocations, and every byte that a blinded
 * person can receive is compared.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { allRoutes } from '@limen/contract';
import { crawl } from './crawl.ts';
import { leaks } from './leaks.ts';
import { closeClusters, type Leak, liveThrough, type WorldOptions } from './world.ts';

after(closeClusters);

type Transcript = {
  readonly lines: readonly string[];
  readonly arms: readonly string[];
  readonly visited: ReadonlySet<string>;
};

async function transcriptOf(options: WorldOptions): Promise<Transcript> {
  const world = await liveThrough(options);
  try {
    const visited = await crawl(world);
    const lines = [...world.heard.map(({ role, request, answer }) => `${role}: ${request}\n  ${answer}`), ...world.log];
    return { lines, arms: [...world.arms.values()], visited };
  } finally {
    await world.close();
  }
}

/** The first difference, short enough to read; null where there is none. */
function differenceOf(one: Transcript, other: Transcript): string | null {
  const length = Math.max(one.lines.length, other.lines.length);
  for (let index = 0; index < length; index += 1) {
    const [a = '(nothing)', b = '(nothing)'] = [one.lines[index], other.lines[index]];
    if (a === b) continue;
    let at = 0;
    while (a[at] === b[at]) at += 1;
    return `${a.split('\n')[0]}\n…${a.slice(Math.max(0, at - 60), at + 80)}\n…${b.slice(Math.max(0, at - 60), at + 80)}`;
  }
  return null;
}

const parallel = { library: 'lsd-10ug-every-third-day', participants: 6, days: 10 } as const;
const weeks = { library: 'self-blinding-2021', participants: 5, days: 14 } as const;

/** Worlds are expensive: the first one is lived through once and compared with all others. */
let first: Promise<Transcript> | null = null;
const firstWorld = () => {
  first ??= transcriptOf({ ...parallel, draw: 'one' });
  return first;
};

test('A world and itself give the same bytes, so every difference below is the allocation’s', async () => {
  const [one, again] = [
    await transcriptOf({ ...parallel, draw: 'one' }),
    await transcriptOf({ ...parallel, draw: 'one' }),
  ];
  assert.equal(differenceOf(one, again), null);
  assert.ok(one.lines.length > 600, `${one.lines.length} answers`);
  for (const route of allRoutes) if (route.method === 'GET') assert.ok(one.visited.has(route.id), route.id);
});

test('Exchanging what the two arms hold changes no byte that a blinded person receives', async () => {
  const [one, swapped] = [await firstWorld(), await transcriptOf({ ...parallel, draw: 'one', swapped: true })];
  assert.ok(
    one.arms.every((arm, index) => arm !== swapped.arms[index]),
    'every participant’s capsules differ',
  );
  assert.equal(differenceOf(one, swapped), null);
});

for (const design of [parallel, weeks]) {
  test(`Drawing the allocation of ${design.library} again changes no byte that a blinded person receives`, async () => {
    const [one, other] = [
      await transcriptOf({ ...design, draw: 'one' }),
      await transcriptOf({ ...design, draw: 'another' }),
    ];
    assert.notDeepEqual(one.arms, other.arms, 'the allocations differ');
    assert.equal(differenceOf(one, other), null);
  });
}

const small = { ...parallel, participants: 4, days: 2 } as const;

for (const leak of leaks) {
  test(`A planted leak is caught: ${leak.name}`, async () => {
    const world = (draw: string, planted: Leak) => transcriptOf({ ...small, draw, leak: planted });
    const [one, other] = await Promise.all([world('one', leak), world('another', leak)]);
    assert.notDeepEqual(one.arms, other.arms, 'the allocations differ');
    assert.notEqual(differenceOf(one, other), null, 'the leak was not seen');
  });
}

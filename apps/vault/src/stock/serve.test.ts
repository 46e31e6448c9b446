/** The rule of totals, tried over every allocation there can be in small cases. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Design } from '../contents.ts';
import { kitsPerSet, type StockDesign, stockDesign, stockFault } from './design.ts';
import { mostOf } from './most.ts';
import { canServe, certainlyServed, type ShipmentTotals } from './serve.ts';

const constant = (id: string, weight = 1, intervention = id) => ({
  id,
  weight,
  content: { kind: 'constant' as const, intervention },
});
const designOf = (arms: Design['arms'], procedure: Design['procedure'] = { kind: 'complete' }): Design => ({
  procedure,
  stratifyBy: ['site'],
  capsules: 4,
  arms,
});

/** What a blinded person does: the next of a stratum is asked for, or somebody's kit is replaced. */
type Asked = { readonly stratum: string } | { readonly replace: number };
type Stock = { readonly sets: number }[];

/** Every sequence of arms that the procedure's bounds allow, for the allocations among what is asked. */
function sequences(design: StockDesign, asked: readonly Asked[]): string[][] {
  const strata = asked.flatMap((one) => ('stratum' in one ? [one.stratum] : []));
  const ids = design.arms.map(({ id }) => id);
  let all: string[][] = [[]];
  for (let length = 0; length < strata.length; length += 1) {
    all = all.flatMap((before) => ids.map((id) => [...before, id]));
    all = all.filter((arms) => ids.every((id) => strata.every((stratum) => within(design, arms, strata, id, stratum))));
  }
  return all;
}

function within(design: StockDesign, arms: string[], strata: string[], id: string, stratum: string): boolean {
  const own = arms.filter((_, index) => strata[index] === stratum);
  return own.filter((arm) => arm === id).length <= mostOf(design, id, own.length);
}

/** Chances of what is seen, by what is seen: from which labels, or refused. */
type Seen = Map<string, number>;

/** Contents are spread over the labels of a shipment in every way alike; of the free labels of a content any is as likely. */
function observe(design: StockDesign, stock: Stock, asked: readonly Asked[], arms: readonly string[]): Seen {
  const seen: Seen = new Map();
  const contents = stock.map(({ sets }) =>
    [...design.perSet].flatMap(([content, per]) => Array.from({ length: per * sets }, () => content)),
  );
  const spreads = contents.map(distinctOrders);
  for (const spread of product(spreads)) {
    const weight = 1 / spreads.reduce((size, one) => size * one.length, 1);
    follow(
      design,
      stock,
      asked,
      arms,
      spread,
      { weight, said: [], served: [], gone: stock.map(() => 0), taken: new Set() },
      seen,
    );
  }
  return seen;
}

type Path = {
  readonly weight: number;
  readonly said: readonly string[];
  /** Shipment, stratum, step and content of every allocation so far. */
  readonly served: readonly { shipment: number; stratum: string; step: number; content: string }[];
  readonly gone: readonly number[];
  readonly taken: ReadonlySet<string>;
};

function follow(
  design: StockDesign,
  stock: Stock,
  asked: readonly Asked[],
  arms: readonly string[],
  spread: readonly (readonly string[])[],
  path: Path,
  seen: Seen,
): void {
  const one = asked[path.said.length];
  if (one === undefined) {
    const said = path.said.join(' ');
    seen.set(said, (seen.get(said) ?? 0) + path.weight);
    return;
  }
  const stratum = 'stratum' in one ? one.stratum : '';
  const step = path.served.filter((served) => served.stratum === stratum).length;
  const next = 'stratum' in one ? { stratum, step } : null;
  const shipment = stock.findIndex((_, index) => canServe(design, totals(stock, path, index), next));
  const go = (more: Partial<Path> & { said: readonly string[] }) =>
    follow(design, stock, asked, arms, spread, { ...path, ...more }, seen);
  if (shipment < 0 || ('replace' in one && path.served[one.replace] === undefined)) {
    go({ said: [...path.said, 'refused'] });
    return;
  }
  const arm = design.arms.find(({ id }) => id === arms[path.served.length]);
  const content = 'replace' in one ? path.served[one.replace]?.content : arm?.content;
  assert.ok(content !== undefined);
  const free = (spread[shipment] ?? []).flatMap((held, index) => {
    const label = `${shipment}.${index}`;
    return held === content && !path.taken.has(label) ? [label] : [];
  });
  assert.ok(free.length > 0, 'a shipment that can serve has a kit of the content');
  for (const label of free) {
    go({
      said: [...path.said, label],
      weight: path.weight / free.length,
      taken: new Set([...path.taken, label]),
      served: next === null ? path.served : [...path.served, { shipment, content, ...next }],
      gone: path.gone.map((gone, index) => gone + (next === null && index === shipment ? 1 : 0)),
    });
  }
}

function totals(stock: Stock, path: Path, index: number): ShipmentTotals {
  const own = path.served.filter(({ shipment }) => shipment === index);
  const served = new Map(
    [...Map.groupBy(own, ({ stratum }) => stratum)].map(([name, all]) => [name, all.map(({ step }) => step)]),
  );
  return { sets: stock[index]?.sets ?? 0, served, gone: path.gone[index] ?? 0 };
}

function distinctOrders(items: readonly string[]): string[][] {
  if (items.length === 0) return [[]];
  return [...new Set(items)].flatMap((first) => {
    const rest = items.toSpliced(items.indexOf(first), 1);
    return distinctOrders(rest).map((order) => [first, ...order]);
  });
}

function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((all, list) => all.flatMap((before) => list.map((one) => [...before, one])), [[]]);
}

function assertSameView(design: StockDesign, stock: Stock, asked: readonly Asked[]): number {
  const all = sequences(design, asked).map((arms) => observe(design, stock, asked, arms));
  const [first] = all;
  assert.ok(first);
  for (const other of all) {
    assert.deepEqual([...other.keys()].sort(), [...first.keys()].sort());
    for (const [said, chance] of first) assert.ok(Math.abs((other.get(said) ?? 0) - chance) < 1e-12, said);
  }
  return all.length;
}

const two = stockDesign(designOf([constant('a'), constant('b')]));
const uneven = stockDesign(designOf([constant('a', 2), constant('b', 1)]));
const three = stockDesign(designOf([constant('a'), constant('b'), constant('c')]));
const shared = stockDesign(designOf([constant('a'), constant('b', 1, 'x'), constant('c', 1, 'x')]));
const stick = (tolerance: number) =>
  stockDesign(designOf([constant('a'), constant('b')], { kind: 'bigStick', tolerance }));
const blocks = stockDesign(designOf([constant('a'), constant('b')], { kind: 'permutedBlocks', sizes: [2] }));
const step = (stratum = 's') => ({ stratum });

describe('what a blinded person sees', () => {
  it('has the same chances whatever the allocation: who is served, who is refused, which labels', () => {
    const cases: [StockDesign, Stock, Asked[]][] = [
      [two, [{ sets: 2 }, { sets: 1 }], [step(), step(), step(), step(), step()]],
      [two, [{ sets: 1 }, { sets: 2 }, { sets: 1 }], [step(), step(), step(), step(), step()]],
      [two, [{ sets: 3 }, { sets: 1 }], [step(), { replace: 0 }, step(), step(), { replace: 1 }, step()]],
      [two, [{ sets: 2 }, { sets: 2 }], [step('s'), step('t'), step('s'), step('t'), { replace: 2 }, step('s')]],
      [uneven, [{ sets: 1 }, { sets: 2 }], [step(), step(), step(), step()]],
      [three, [{ sets: 2 }, { sets: 1 }], [step(), step(), step(), step()]],
      [shared, [{ sets: 2 }, { sets: 1 }], [step(), step(), step(), step()]],
      [stick(1), [{ sets: 2 }, { sets: 1 }], [step(), step(), step(), step(), step(), step(), step()]],
      [stick(2), [{ sets: 2 }, { sets: 2 }], [step(), step(), { replace: 0 }, step(), step(), step(), step()]],
      [blocks, [{ sets: 2 }, { sets: 1 }], [step(), step(), step(), step(), step(), step()]],
    ];
    const tried = cases.map(([design, stock, asked]) => assertSameView(design, stock, asked));
    assert.deepEqual(tried, [32, 32, 16, 32, 16, 81, 81, 16, 36, 8]);
  });

  it('would differ with one pool over shipments: this is why each is judged by itself', () => {
    // Two shipments of one kit each of a and b. The first person’s kit is given; the second’s is any free one of the arm.
    const sameShipment = (arms: readonly string[]) => {
      const labels = ['0.0', '0.1', '1.0', '1.1'];
      const spreads = product([distinctOrders(['a', 'b']), distinctOrders(['a', 'b'])]).map((spread) => spread.flat());
      let chance = 0;
      for (const contents of spreads) {
        const own = (arm?: string) => labels.filter((_, index) => contents[index] === arm);
        for (const first of own(arms[0])) {
          const free = own(arms[1]).filter((label) => label !== first);
          const beside = free.filter((label) => label[0] === first[0]).length;
          chance += beside / free.length / own(arms[0]).length / spreads.length;
        }
      }
      return chance;
    };
    assert.equal(sameShipment(['a', 'a']), 0);
    assert.equal(sameShipment(['a', 'b']), 0.5);
  });
});

describe('a shipment', () => {
  it('counts what is gone against every content', () => {
    const served = new Map([['s', [0, 1]]]);
    const next = { stratum: 's', step: 2 };
    assert.equal(canServe(two, { sets: 3, served, gone: 0 }, next), true);
    assert.equal(canServe(two, { sets: 3, served, gone: 1 }, next), false);
    assert.equal(canServe(two, { sets: 3, served, gone: 0 }, null), true);
    assert.equal(canServe(two, { sets: 2, served, gone: 0 }, null), false);
  });

  it('holds kits in the ratio of the arms, over what they have in common', () => {
    const ratio = stockDesign(designOf([constant('a', 4), constant('b', 2)]));
    assert.deepEqual(
      [...ratio.perSet],
      [
        ['a', 2],
        ['b', 1],
      ],
    );
    assert.equal(kitsPerSet(ratio), 3);
    assert.deepEqual(
      [...shared.perSet],
      [
        ['a', 1],
        ['x', 2],
      ],
    );
  });

  it('serves more where the procedure keeps the arms together', () => {
    const fresh = (sets: number) => ({ sets, served: new Map(), gone: 0 });
    const start = new Map([['s', 0]]);
    assert.equal(certainlyServed(two, [fresh(10)], start), 10, 'a coin can give one arm every time');
    assert.equal(certainlyServed(stick(3), [fresh(10)], start), 18, '(18 + 2) / 2 = 10 of one arm at most');
    assert.equal(certainlyServed(blocks, [fresh(10)], start), 20);
  });

  it('tells how many more it serves for certain', () => {
    const fresh = (sets: number) => ({ sets, served: new Map(), gone: 0 });
    assert.equal(certainlyServed(two, [fresh(3), fresh(2)], new Map([['s', 0]])), 5);
    assert.equal(certainlyServed(two, [], new Map([['s', 4]])), 0);
    assert.equal(certainlyServed(two, [{ ...fresh(3), gone: 2 }], new Map()), 1);
  });
});

describe('a design without stock', () => {
  it('is told why', () => {
    const drawn = { id: 'h', weight: 1, content: { kind: 'drawn' as const, active: 'm', placebo: 'p' } };
    assert.match(stockFault(designOf([constant('a'), drawn])) ?? '', /capsules of h follow a sequence: pack to order/);
    const steps = {
      id: 't',
      weight: 1,
      content: { kind: 'steps' as const, steps: [{ fromDose: 1, intervention: 'm' }] },
    };
    assert.match(stockFault(designOf([steps, drawn])) ?? '', /capsules of t, h/);
    assert.equal(stockFault(designOf([constant('a')])), null);
  });
});

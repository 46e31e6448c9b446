/** Orders of a crossover: does a carry-over into the next period meet every treatment alike? */
import type { Arm } from '../document.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

const source = 'Williams 1949, Aust J Sci Res A 2:149';

export function checkCrossover({ protocol }: CheckContext): Finding[] {
  const orders = ordersOf(protocol.arms);
  if (orders === undefined) return [];
  const found: Finding[] = [];
  const say = (code: 'crossover_periods_unequal' | 'crossover_carry_over_unequal', message: string) =>
    found.push(finding('advice', code, ['arms'], message, source));
  const placed = spread(
    orders.flatMap(({ order, weight }) => order.map((one, period) => [weight, `${period} ${one}`] as const)),
  );
  if (placed.size < treatmentsOf(orders) ** 2 || new Set(placed.values()).size > 1) {
    say(
      'crossover_periods_unequal',
      'Not every treatment stands in every period equally often, so that time itself can look like an effect.',
    );
  }
  const followed = spread(
    orders.flatMap(({ order, weight }) =>
      order.slice(1).map((next, at) => [weight, `${order[at]} → ${next}`] as const),
    ),
  );
  const pairs = treatmentsOf(orders) * (treatmentsOf(orders) - 1);
  if (followed.size < pairs || new Set(followed.values()).size > 1) {
    const [most] = [...followed].sort(([, left], [, right]) => right - left);
    say(
      'crossover_carry_over_unequal',
      `Treatments do not follow one another equally often (${most?.[0] ?? ''} most), so that what is left of one meets the next unequally; the orders of a Williams square would be even.`,
    );
  }
  return found;
}

type Order = { readonly order: readonly string[]; readonly weight: number };

/** The treatments of the arms' periods; undefined unless each arm gives the same ones, two at least, each once. */
function ordersOf(arms: readonly Arm[]): readonly Order[] | undefined {
  const orders: Order[] = [];
  for (const { content, weight } of arms) {
    if (content.kind !== 'steps') return undefined;
    const held = content.steps.map(({ intervention }) => intervention);
    const order = held.filter((one, index) => one !== held[index - 1]);
    if (order.length < 2 || new Set(order).size < order.length) return undefined;
    orders.push({ order, weight });
  }
  const [first] = orders;
  if (first === undefined || orders.length < 2) return undefined;
  const same = orders.every(
    ({ order }) => order.length === first.order.length && order.every((one) => first.order.includes(one)),
  );
  return same ? orders : undefined;
}

const treatmentsOf = (orders: readonly Order[]): number => orders[0]?.order.length ?? 0;

function spread(weighted: readonly (readonly [weight: number, key: string])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [weight, key] of weighted) sums.set(key, (sums.get(key) ?? 0) + weight);
  return sums;
}

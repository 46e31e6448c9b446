/**
 * Twin worlds for a night: as many scenarios as asked for, from a seed of one's own.
 *
 *     npm run twin-worlds -- --scenarios 1000 --seed tonight
 *
 * Ends with code 1 at the first scenario in which a byte tells one allocation from another, and names its seed.
 */
import { parseArgs } from 'node:util';
import { closeClusters, openClusters, openPair, type Pair } from './pair.ts';
import { generate, type Twin, twins } from './scenario.ts';
import { describe } from './tell.ts';

/** Installations grow with every scenario; new ones are opened after so many. */
const perPair = 100;

async function run(scenarios: number, seed: string): Promise<boolean> {
  const began = performance.now();
  const seen = Object.fromEntries(twins.map((twin) => [twin, 0])) as Record<Twin, number>;
  const total = { lines: 0, people: 0, declassified: 0 };
  const clusters = openClusters();
  let pair: Pair | null = null;
  try {
    for (let n = 0; n < scenarios; n += 1) {
      if (n % perPair === 0) {
        await pair?.close();
        pair = await openPair(clusters);
      }
      const scenario = generate(`${seed} ${n}`, n);
      const compared = await (pair as Pair).compare(scenario);
      if (compared.difference !== null) {
        console.error(describe(scenario.seed, compared.difference));
        return false;
      }
      seen[scenario.twin] += 1;
      total.lines += compared.lines;
      total.people += compared.moved;
      total.declassified += compared.declassified;
      if ((n + 1) % 50 === 0) console.log(`${n + 1} scenarios, ${Math.round((performance.now() - began) / 1000)} s`);
    }
  } finally {
    await pair?.close();
    await closeClusters(clusters);
  }
  const kinds = Object.entries(seen).map(([twin, count]) => `${twin} ${count}`);
  console.log(`${scenarios} scenarios from the seed “${seed}”: ${kinds.join(', ')}`);
  console.log(
    `${total.people} people drawn otherwise, ${total.lines} answers a world, ${total.declassified} declassified`,
  );
  console.log('No byte differs.');
  return true;
}

const { values } = parseArgs({
  options: { scenarios: { type: 'string', default: '1000' }, seed: { type: 'string', default: 'night' } },
});
const scenarios = Number(values.scenarios);
if (!Number.isInteger(scenarios) || scenarios < 1) throw new RangeError('--scenarios takes a whole number from 1 on');
process.exitCode = (await run(scenarios, values.seed)) ? 0 : 1;

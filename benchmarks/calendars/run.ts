/**
 * How long the calendars of 100,000 people take for a protocol of twelve months and forty activities, on two workers,
 * beside a plain loop over Temporal that computes the same instants for some of them.
 *
 *     node benchmarks/calendars/run.ts [--people 100000] [--workers 2] [--json]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { compileCalendar, type ProtocolDocument } from '@limen/protocol';
import { type Person, peopleOf } from './people.ts';
import { yearOfForty } from './protocol.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    workers: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const [people, workers] = [Number(values.people), Number(values.workers)];
const secondsAllowed = 10;
const compared = 40;

async function compileAll(drawn: boolean) {
  const began = performance.now();
  const counted = await Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const data = { worker, workers, total: people, drawn };
      const thread = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data });
      return new Promise<{ calendars: number; occurrences: number }>((resolve, reject) => {
        thread.once('message', resolve);
        thread.once('error', reject);
      });
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const sum = (of: 'calendars' | 'occurrences') => counted.reduce((all, one) => all + one[of], 0);
  return { seconds, calendars: sum('calendars'), occurrences: sum('occurrences') };
}

/** The same windows by Temporal, one by one, as they are written in the document. */
function byTemporal(protocol: ProtocolDocument, { startDate, timeZone }: Person): number {
  const start = Temporal.PlainDate.from(startDate);
  const windows = new Map(protocol.activities.map(({ id, window }) => [id, window]));
  let instants = 0;
  for (const { activityId, studyDay } of compileCalendar(protocol, { startDate, timeZone, drawSeed: 'x' })
    .occurrences) {
    const { dosing } = protocol;
    const window = windows.get(activityId) ?? { opensAt: dosing.takeFrom, closesAt: dosing.takeUntil };
    for (const time of [window.opensAt, window.closesAt, window.closesAt]) {
      const day = start.add({ days: studyDay - 1 });
      instants += day.toZonedDateTime({ timeZone, plainTime: time }).toInstant().toString().length > 0 ? 1 : 0;
    }
  }
  return instants;
}

function perSecond(count: number, act: (person: Person) => unknown): number {
  const some = [...peopleOf(0, Math.ceil(people / count), people)].slice(0, count);
  for (const person of some.slice(0, 3)) act(person);
  const began = performance.now();
  for (const person of some) act(person);
  return some.length / ((performance.now() - began) / 1000);
}

const [fixedProtocol, drawnProtocol] = [yearOfForty(false), yearOfForty(true)];
const load = loadavg()[0] ?? 0;
const fixed = await compileAll(false);
const drawn = await compileAll(true);
const plain = perSecond(compared, (person) => byTemporal(fixedProtocol, person));
const alone = perSecond(compared * 10, (person) => compileCalendar(drawnProtocol, person));
const rate = ({ calendars, seconds }: typeof fixed) => calendars / seconds;
const result = {
  people,
  workers,
  load,
  fixed: { ...fixed, perSecond: rate(fixed), ratioToTemporal: rate(fixed) / plain },
  drawn: { ...drawn, perSecond: rate(drawn), ratioToTemporal: rate(drawn) / plain },
  temporalPerSecond: plain,
  oneByOnePerSecond: alone,
  secondsAllowed,
};
if (values.json) console.log(JSON.stringify(result, null, 2));
else {
  const line = (name: string, one: typeof fixed) =>
    console.log(
      `${name.padEnd(22)} ${one.seconds.toFixed(2)} s for ${one.calendars} calendars, ${one.occurrences} occurrences; ` +
        `${(rate(one) / plain).toFixed(0)} times Temporal one by one`,
    );
  console.log(
    `${people} people, ${workers} workers, load ${load.toFixed(2)} at the start; allowed: ${secondsAllowed} s`,
  );
  line('days fixed', fixed);
  line('capsule days drawn', drawn);
  console.log(
    `Temporal, one thread: ${plain.toFixed(1)} calendars a second; compileCalendar alone: ${alone.toFixed(0)}`,
  );
}
process.exitCode = fixed.seconds < secondsAllowed && drawn.seconds < secondsAllowed ? 0 : 1;

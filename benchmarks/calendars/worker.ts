/** Compiles the calendars of its share of the people and counts what is in them. */
import { parentPort, workerData } from 'node:worker_threads';
import { calendarCompiler } from '@limen/protocol';
import { peopleOf } from './people.ts';
import { yearOfForty } from './protocol.ts';

const { worker, workers, total, drawn } = workerData as {
  worker: number;
  workers: number;
  total: number;
  drawn: boolean;
};
const compile = calendarCompiler(yearOfForty(drawn));
let [calendars, occurrences, characters] = [0, 0, 0];
for (const person of peopleOf(worker, workers, total)) {
  const calendar = compile(person);
  calendars += 1;
  occurrences += calendar.occurrences.length;
  characters += calendar.occurrences.at(-1)?.lateUntil.length ?? 0;
}
parentPort?.postMessage({ calendars, occurrences, characters });

/** One virtual trial as analysis rows: the calendar, the allocation and the people, without the paperwork between. */
import { instrumentById } from '@limen/instruments';
import { type Calendar, compileCalendar, type Endpoint, nextStartDate, type ProtocolDocument } from '@limen/protocol';
import type { Allocation } from '@limen/randomization';
import { philox } from '@limen/statistics';
import { contentsOf, drawAllocations } from './contents.ts';
import { type CapsuleDay, type Content, drawPerson, liveCapsuleDay, rate } from './person.ts';
import type { Settings } from './settings.ts';

export type TrialRow = {
  readonly participant: string;
  readonly day: number;
  readonly value: number;
  readonly condition: Content;
  readonly guess: Content | 'unsure';
  readonly expectation: number;
  readonly week: number;
  /** The same rating before the first capsule. */
  readonly baseline: number;
  readonly age: number;
  readonly sex: 'female' | 'male';
};

export type TrialRequest = {
  readonly protocol: ProtocolDocument;
  readonly endpoint: Endpoint;
  readonly participants: number;
  readonly settings: Settings;
  readonly seed: string;
};

/** Any start day serves: nothing in the model depends on the season. */
const start = '2027-01-04';

/** Calendars are the same for everybody who starts on the same day. */
export function sampleCalendar(protocol: ProtocolDocument): Calendar {
  return compileCalendar(protocol, {
    startDate: nextStartDate(protocol, start),
    timeZone: 'UTC',
    drawSeed: 'simulation',
  });
}

/** An endpoint that virtual participants have no model for: they rate, and fill in no questionnaires of many items. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly code = 'no_model_of_endpoint';
  readonly advice = 'Choose an endpoint that is a rating, with --endpoint.';

  constructor(score: string) {
    super(`The simulation has no model for “${score}”.`);
  }
}

/**
 * Rows of one endpoint. Capsule and week contrasts have a row per answered occasion; an arm contrast has the mean of
 * each person's occasions after the first capsule.
 * @throws SimulationError `no_model_of_endpoint` when the endpoint's score is not a rating that the settings describe
 */
export function simulateTrialRows(request: TrialRequest, calendar = sampleCalendar(request.protocol)): TrialRow[] {
  const { protocol, endpoint, settings } = request;
  const effect = settings.ratings[endpoint.score];
  if (!effect) throw new SimulationError(endpoint.score);
  const activity = protocol.activities.find((candidate) => candidate.id === endpoint.activity);
  if (!activity) throw new RangeError(`The protocol has no activity “${endpoint.activity}”`);
  instrumentById(activity.instrument);
  const random = philox(request.seed, 'trial');
  const allocationSeed = seedBytes(request.seed);
  const weeks = Math.ceil((calendar.occurrences.at(-1)?.studyDay ?? 7) / 7);
  const rows: TrialRow[] = [];
  const drawn = drawAllocations(protocol, allocationSeed, request.participants);
  for (let index = 0; index < request.participants; index += 1) {
    const own = random.fork(`participant/${index}`);
    const person = drawPerson(index, weeks, { ...settings, ineligible: 0 }, random);
    const contents = contentsOf(protocol, drawn[index] as Allocation, calendar);
    const baseline = rate(endpoint.score, effect, person, null, random.fork(`baseline/${index}`));
    const days = new Map<number, CapsuleDay>();
    let last: CapsuleDay | null = null;
    let active = 0;
    for (const occurrence of calendar.occurrences) {
      if (person.leavesAfterWeek !== null && occurrence.week > person.leavesAfterWeek + 1) break;
      if (occurrence.kind === 'dose') {
        if (!own.bernoulli(person.doseAdherence)) continue;
        const content = contents[(occurrence.doseNumber ?? 1) - 1] ?? 'placebo';
        last = liveCapsuleDay(person, content, active, settings, own);
        days.set(occurrence.studyDay, last);
        if (content === 'active') active += 1;
        continue;
      }
      if (occurrence.activityId !== endpoint.activity || !own.bernoulli(person.answerAdherence)) continue;
      const day: CapsuleDay | null = days.get(occurrence.studyDay) ?? (endpoint.contrast === 'capsule' ? null : last);
      if (!day) continue;
      rows.push({
        participant: String(index),
        day: occurrence.studyDay,
        value: rate(endpoint.score, effect, person, day, own),
        condition: day.content,
        guess: day.belief,
        expectation: person.expectation,
        week: occurrence.week,
        baseline,
        age: person.age,
        sex: person.sex,
      });
    }
  }
  return endpoint.contrast === 'arm' ? meansByPerson(rows) : rows;
}

function meansByPerson(rows: readonly TrialRow[]): TrialRow[] {
  const people = Map.groupBy(rows, (row) => row.participant);
  return [...people.values()].flatMap((own) => {
    const last = own.at(-1);
    if (!last) return [];
    return [{ ...last, value: own.reduce((sum, row) => sum + row.value, 0) / own.length }];
  });
}

function seedBytes(seed: string): Uint8Array {
  const random = philox(seed, 'allocation');
  return Uint8Array.from({ length: 32 }, () => Math.floor(random.uniform() * 256));
}

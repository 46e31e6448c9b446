/** One virtual trial as analysis rows: the calendar, the allocation and the people, without the paperwork between. */
import type { AnalysisRow } from '@limen/analysis';
import {
  type Arm,
  type Calendar,
  compileCalendar,
  type Endpoint,
  isPlaceboArm,
  nextStartDate,
  type ProtocolDocument,
} from '@limen/protocol';
import type { Allocation } from '@limen/randomization';
import { philox, type Random } from '@limen/statistics';
import { armOf, drawAllocations, interventionsOf, randomisedArms } from './contents.ts';
import { heldBy, type Scale, scaleOf } from './endpoint.ts';
import { type Content, drawPerson, type Felt, feelCapsule, type Held, logNormal, type Person, rate } from './person.ts';
import type { Settings } from './settings.ts';

export type TrialRow = AnalysisRow & {
  /** What the capsules of this row were meant to add by themselves, in units of the score. */
  readonly planned: number;
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

type Moment = { readonly studyDay: number; readonly week: number };
type Capsule = Moment & {
  readonly intervention: string;
  /** null where the capsule was not taken. */
  readonly day: Felt | null;
};

type OfArm = {
  readonly arm: Arm;
  readonly level: string;
  readonly role: Content;
  /** What its capsules hold, one after another; null where chance decides it person by person. */
  readonly planned: readonly string[] | null;
};

/** What is the same for every participant and every trial. */
export type Frame = {
  readonly protocol: ProtocolDocument;
  readonly endpoint: Endpoint;
  readonly settings: Settings;
  /** Who is in the trial qualifies, and has a level on the one score. */
  readonly settingsOfPerson: Settings;
  readonly scale: Scale;
  readonly held: ReadonlyMap<string, Held>;
  /** By the name that allocations have for it. */
  readonly arms: ReadonlyMap<string, OfArm>;
  readonly doses: readonly Moment[];
  readonly occasions: readonly Moment[];
  readonly weeks: number;
};

/** Prepared once for many trials. @throws SimulationError when the endpoint's score has no model */
export function prepareTrials(request: Omit<TrialRequest, 'seed' | 'participants'>): Frame {
  const { protocol, endpoint, settings } = request;
  const { occurrences } = sampleCalendar(protocol);
  const scale = scaleOf(protocol, endpoint, settings);
  const doses = occurrences.filter(({ kind }) => kind === 'dose');
  return {
    protocol,
    endpoint,
    settings,
    scale,
    settingsOfPerson: { ...settings, ineligible: 0, ratings: { [endpoint.score]: scale.effect } },
    held: heldBy(protocol),
    arms: new Map(
      randomisedArms(protocol).map(({ id }): [string, OfArm] => {
        const arm = armOf(protocol, { arm: id });
        const drawn = protocol.randomisation.procedure.kind === 'selfBlindingWeeks' || arm.content.kind === 'cycles';
        const planned = drawn ? null : interventionsOf(protocol, { arm: id }, doses.length, arm);
        return [id, { arm, level: arm.id, role: isPlaceboArm(protocol, arm) ? 'placebo' : 'active', planned }];
      }),
    ),
    doses,
    occasions: occurrences.filter(({ activityId }) => activityId === endpoint.activity),
    weeks: Math.ceil((occurrences.at(-1)?.studyDay ?? 7) / 7),
  };
}

/** Rows of one endpoint as the analysis would make them of the ledger, in order of participant and study day. */
export function trialRows(frame: Frame, participants: number, seed: string): TrialRow[] {
  const { settings } = frame;
  const random = philox(seed, 'trial');
  const allocated = drawAllocations(frame.protocol, seedBytes(seed), participants);
  const { batches, batchLogSd } = settings.potency;
  const ofBatch = random.fork('batches');
  const potencies = Array.from({ length: batches }, () => logNormal(ofBatch, batchLogSd));
  return allocated.flatMap((allocation, index) =>
    participantRows(frame, { index, allocation, batch: potencies[index % batches] as number }, random),
  );
}

type Enrolled = { readonly index: number; readonly allocation: Allocation; readonly batch: number };

function participantRows(frame: Frame, enrolled: Enrolled, random: Random): TrialRow[] {
  const { index, allocation } = enrolled;
  const { endpoint, settings, scale, occasions, weeks } = frame;
  const own = random.fork(`participant/${index}`);
  const { effect, range } = scale;
  const item = endpoint.score;
  const person = drawPerson(index, weeks, frame.settingsOfPerson, random);
  const base = { item, effect, range, person, settings };
  const baseline = rate({ ...base, day: null, week: 0 }, own);
  const ofArm = frame.arms.get(allocation.arm) as OfArm;
  const capsules = liveCapsules(frame, enrolled, ofArm, person, own);
  const lastWeek = person.leavesAfterWeek === null ? Number.POSITIVE_INFINITY : person.leavesAfterWeek + 1;
  const rows: TrialRow[] = [];
  for (const { studyDay, week } of occasions) {
    if (week > lastWeek) break;
    if (!own.bernoulli(person.answerAdherence)) continue;
    const last = capsules.findLast((one) => one.studyDay <= studyDay && one.day !== null);
    const condition = endpoint.contrast === 'arm' ? ofArm : conditionOf(frame, capsules, last, { studyDay, week });
    const value = rate({ ...base, day: last?.day ?? null, week }, own);
    if (condition === null) continue;
    rows.push({
      participant: String(index),
      timePoint: `week ${week}`,
      value,
      condition: condition.level,
      role: condition.role,
      guess: last?.day?.belief ?? null,
      planned: last ? effect.drug * (frame.held.get(last.intervention)?.potency ?? 0) : 0,
      covariates: {
        day: studyDay,
        week,
        baseline,
        expectation: person.expectation,
        age: person.age,
        sex: person.sex,
        site: 'site',
      },
    });
  }
  return rows;
}

function liveCapsules(frame: Frame, enrolled: Enrolled, ofArm: OfArm, person: Person, own: Random): Capsule[] {
  const { index, allocation, batch } = enrolled;
  const { protocol, settings, held, doses } = frame;
  const { capsuleLogSd } = settings.potency;
  const interventions = ofArm.planned ?? interventionsOf(protocol, allocation, doses.length, ofArm.arm);
  const ofCapsule = capsuleLogSd > 0 ? own.fork(`capsules/${index}`) : null;
  let active = 0;
  return doses.map((moment, dose) => {
    const intervention = interventions[dose] as string;
    const holds = held.get(intervention) as Held;
    const strength = batch * (ofCapsule ? logNormal(ofCapsule, capsuleLogSd) : 1);
    const varied = holds.content === 'placebo' ? 1 : strength;
    const taken = own.bernoulli(person.doseAdherence);
    const real = { content: holds.content, potency: holds.potency * varied, felt: holds.felt * varied };
    const day = taken ? feelCapsule(person, real, active, settings, own) : null;
    if (day?.content === 'active') active += 1;
    return { studyDay: moment.studyDay, week: moment.week, intervention, day };
  });
}

/** As the analysis has it: the type of the week, or the capsule of the day, else the one taken last before. */
function conditionOf(
  { protocol, endpoint, held }: Frame,
  all: readonly Capsule[],
  last: Capsule | undefined,
  { studyDay, week }: Moment,
): { readonly level: string; readonly role: Content } | null {
  const named = (level: string) => ({ level, role: held.get(level)?.content ?? 'placebo' });
  if (endpoint.contrast === 'week') {
    const own = all.filter((one) => one.week === week);
    if (own.length === 0) return null;
    const active = own.find(({ intervention }) => named(intervention).role === 'active');
    return named((active ?? own[0])?.intervention ?? protocol.analysis.reference);
  }
  const ofDay = all.find((one) => one.studyDay === studyDay);
  const taken = ofDay ? ofDay.day !== null && ofDay : last;
  return taken ? named(taken.intervention) : null;
}

/** @throws SimulationError `no_model_of_endpoint` */
export function simulateTrialRows({ participants, seed, ...request }: TrialRequest): TrialRow[] {
  return trialRows(prepareTrials(request), participants, seed);
}

function seedBytes(seed: string): Uint8Array {
  const random = philox(seed, 'allocation');
  return Uint8Array.from({ length: 32 }, () => Math.floor(random.uniform() * 256));
}

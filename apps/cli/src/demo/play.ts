/** Ten weeks in minutes: every act of every virtual participant, in the order of arrival, through the real HTTP API. */

import type { Command } from '@limen/conduct';
import { type Client, Refused, type Route, routes } from '@limen/contract';
import type { Act } from '@limen/simulation';
import type { DemoClock } from './clock.ts';
import type { Enrolled } from './enrol.ts';
import type { Team } from './team.ts';

export type Played = {
  delivered: number;
  accepted: number;
  repeated: number;
  late: number;
  offline: number;
  refused: Record<string, number>;
  /** Acts without a fault of their own that were refused: by a hold, after withdrawal, and so on. */
  refusedOfOrdinary: Record<string, number>;
};

/** Entries that arrive within the same quarter of an hour share a tick of the clock. */
const tickMs = 15 * 60_000;
const parallel = 16;

type Task = { readonly participant: Enrolled; readonly act: Act };

export async function play(given: {
  studyId: string;
  scripts: readonly { participant: Enrolled; acts: readonly Act[] }[];
  clock: DemoClock;
  team: Team;
  progress: (done: number, now: string) => void;
}): Promise<Played> {
  const played: Played = {
    delivered: 0,
    accepted: 0,
    repeated: 0,
    late: 0,
    offline: 0,
    refused: {},
    refusedOfOrdinary: {},
  };
  const ticks = groupByTick(given.scripts);
  let done = 0;
  let today = '';
  for (const [tick, tasks] of ticks) {
    const now = new Date(tick).toISOString();
    await given.clock.set(now);
    if (now.slice(0, 10) !== today) {
      today = now.slice(0, 10);
      await reviewSafety(given.studyId, given.team, today);
    }
    await inParallel([...byParticipant(tasks)], parallel, async ([, own]) => {
      for (const task of own) await deliver(given.studyId, task, played);
    });
    done += tasks.length;
    given.progress(done, now);
  }
  return played;
}

/** A tick is the end of its quarter of an hour, so nothing arrives before it was done. */
function groupByTick(scripts: readonly { participant: Enrolled; acts: readonly Act[] }[]): [number, Task[]][] {
  const ticks = new Map<number, Task[]>();
  for (const { participant, acts } of scripts) {
    for (const act of acts) {
      const tick = Math.ceil(Date.parse(act.deliverAt) / tickMs) * tickMs;
      const tasks = ticks.get(tick);
      if (tasks) tasks.push({ participant, act });
      else ticks.set(tick, [{ participant, act }]);
    }
  }
  return [...ticks].sort(([a], [b]) => a - b);
}

function byParticipant(tasks: readonly Task[]): Map<string, Task[]> {
  const grouped = new Map<string, Task[]>();
  for (const task of tasks) {
    const own = grouped.get(task.participant.participantId);
    if (own) own.push(task);
    else grouped.set(task.participant.participantId, [task]);
  }
  return grouped;
}

async function deliver(studyId: string, { participant, act }: Task, played: Played): Promise<void> {
  const params = { studyId, participantId: participant.participantId };
  for (let attempt = 0; attempt <= act.repeats; attempt += 1) {
    played.delivered += 1;
    if (attempt > 0) played.repeated += 1;
    try {
      await send(participant.call, params, act.command);
      if (attempt === 0) {
        played.accepted += 1;
        if (act.deliverAt > act.at) played.offline += 1;
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const tally = act.fault === null ? played.refusedOfOrdinary : played.refused;
      tally[error.problem.code] = (tally[error.problem.code] ?? 0) + 1;
    }
  }
}

const routeOf: Partial<Record<Command['type'], Route>> = {
  recordDose: routes.recordDose,
  submit: routes.submit,
  reportAdverseEvent: routes.reportAdverseEvent,
  withdraw: routes.withdraw,
};

async function send(call: Client, params: { studyId: string; participantId: string }, command: Command): Promise<void> {
  const target = routeOf[command.type];
  if (!target) throw new Error(`No route for ${command.type}`);
  await call(target, { params, body: command } as never);
}

/** Once a day the team reads its inbox, assesses what was reported and lifts holds that are two days old. */
async function reviewSafety(studyId: string, team: Team, today: string): Promise<void> {
  const id = (act: string, of: string) => `review-${act}-${of}`.padEnd(16, '0').slice(0, 64);
  const inbox = await team.investigator.call(routes.signals, {
    params: { studyId },
    query: { open: 'true', limit: 200 },
  });
  if (inbox.signals.length === 0) return;
  for (const signal of inbox.signals) {
    await team.investigator.call(routes.acknowledgeSignal, {
      params: { studyId, signalId: signal.signalId },
      body: { commandId: id('ack', signal.signalId), disposition: 'Participant contacted; no further action needed' },
    });
  }
  for (const participantId of new Set(inbox.signals.map((signal) => signal.participantId))) {
    const params = { studyId, participantId };
    const detail = await team.investigator.call(routes.participant, { params });
    for (const hold of detail.holds) {
      await team.investigator.call(routes.resume, {
        params,
        body: {
          type: 'resume',
          commandId: id('resume', hold.holdId),
          holdId: hold.holdId,
          reason: `Reviewed with the participant on ${today}; dosing may go on`,
        },
      });
    }
  }
}

export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

/**
 * Where everything of the schedule stands at an instant, worked out on the phone: what the server said last, what has
 * been entered since, and the time. Pure. The server decides in the end; this is what the person sees meanwhile.
 */
import { findInstrument, holds } from '@limen/instruments';
import type { Entry } from '../outbox/entry.ts';
import type { Status, Today, TodayItem } from '../server/answers.ts';
import { words } from '../words/index.ts';

export type Standing = TodayItem & {
  /** Entered on this phone and not yet received by the server. */
  readonly unsent: boolean;
  /** Labels of what must be answered first. */
  readonly waitsFor: readonly string[];
};

/** Answers that call for a clinician: no capsule until the entry has reached the team, whatever the capsule holds. */
const holdingFlags = new Set([
  'suicidality',
  'psychosis-or-mania-warning',
  'cardiac-warning',
  'severe-effect',
  'serious-adverse-event',
  'new-medicine',
]);

export const localHoldMessage = (): string => words().today.localHold;

/** `sent`: taken by the server since it said `today`. Left out, what was just sent would be asked for once more. */
export function standings(
  today: Today,
  entries: readonly Entry[],
  nowMs: number,
  sent: readonly Entry[] = [],
): readonly Standing[] {
  const unsent = entered(entries).outcomes;
  const own = entered([...entries, ...sent]);
  const all = new Map(today.schedule.map((item) => [item.occurrence, item]));
  const dosingStopped = today.dosingStopped || own.withdrawn;
  const hold = today.holdMessage ?? ([...entries, ...sent].some(asksForHold) ? localHoldMessage() : null);
  const isDone = (item: TodayItem): boolean =>
    item.status === 'done' || item.status === 'missed' || own.outcomes.has(item.occurrence);

  return today.schedule.map((item) => {
    const outcome = own.outcomes.get(item.occurrence);
    const waitsFor = item.after.flatMap((id) => {
      const earlier = all.get(id);
      return earlier !== undefined && !isDone(earlier) && nowMs <= Date.parse(earlier.lateUntil) ? [earlier] : [];
    });
    const status = outcome ?? statusOf(item, { nowMs, dosingStopped, held: hold !== null, waits: waitsFor.length > 0 });
    const reason = item.kind === 'dose' && status === 'blocked' ? (hold ?? item.reason) : item.reason;
    return {
      ...item,
      status,
      reason,
      unsent: unsent.has(item.occurrence),
      waitsFor: waitsFor.map(({ label }) => label),
    };
  });
}

type At = { nowMs: number; dosingStopped: boolean; held: boolean; waits: boolean };

function statusOf(item: TodayItem, at: At): Status {
  if (item.status === 'done' || item.status === 'missed') return item.status;
  if (item.kind === 'dose' && at.dosingStopped) return 'closed';
  if (at.nowMs > Date.parse(item.lateUntil)) return 'closed';
  if (at.nowMs < Date.parse(item.opensAt)) return item.status === 'closed' ? 'closed' : 'upcoming';
  // Closed before its time: no longer expected.
  if (item.status === 'closed') return 'closed';
  const notHandedOver = item.status === 'blocked' && item.kind === 'dose';
  if (item.kind === 'dose' ? at.held || notHandedOver : at.waits) return 'blocked';
  return at.nowMs > Date.parse(item.closesAt) ? 'late' : 'due';
}

function entered(entries: readonly Entry[]): { outcomes: ReadonlyMap<string, 'done' | 'missed'>; withdrawn: boolean } {
  const outcomes = new Map<string, 'done' | 'missed'>();
  let withdrawn = false;
  for (const { command, refusal } of entries) {
    if (refusal !== null) continue;
    if (command.type === 'submit') outcomes.set(command.occurrence, 'done');
    if (command.type === 'recordDose')
      outcomes.set(command.occurrence, command.outcome === 'taken' ? 'done' : 'missed');
    if (command.type === 'withdraw' && command.scope !== 'futureUse') withdrawn = true;
  }
  return { outcomes, withdrawn };
}

function asksForHold({ command }: Entry): boolean {
  if (command.type === 'reportAdverseEvent') return command.serious || command.grade >= 3;
  if (command.type !== 'submit') return false;
  const flags = findInstrument(command.instrument)?.safetyFlags ?? [];
  return flags.some(({ flag, when }) => holdingFlags.has(flag) && holds(when, command.answers));
}

/** Answers that call for a person, and how long they may wait for the network before the phone says so. */
const urgentFlags = new Set(['suicidality', 'psychosis-or-mania-warning', 'cardiac-warning', 'serious-adverse-event']);
export const urgentWaitMs = 15 * 60_000;

/** Whether something alarming has lain on this phone too long: then the person is asked to call. By the device's clock. */
export function urgentWaits(entries: readonly Entry[], deviceMs: number): boolean {
  return entries.some((entry) => isUrgent(entry) && deviceMs - Date.parse(entry.occurredAt) >= urgentWaitMs);
}

/** What alarms goes first when the network is back; the rest keeps the order in which it was made. */
export function urgentFirst<E extends Entry>(entries: readonly E[]): readonly E[] {
  return [...entries.filter(isUrgent), ...entries.filter((entry) => !isUrgent(entry))];
}

function isUrgent({ command }: Entry): boolean {
  if (command.type === 'reportAdverseEvent') return command.serious;
  if (command.type !== 'submit') return false;
  const flags = findInstrument(command.instrument)?.safetyFlags ?? [];
  return flags.some(({ flag, when }) => urgentFlags.has(flag) && holds(when, command.answers));
}

/** What belongs to this day, or is open from an earlier one, in the order of the schedule. */
export function forToday(all: readonly Standing[], date: string, dayBefore: string): readonly Standing[] {
  const open: ReadonlySet<Status> = new Set(['due', 'late', 'blocked']);
  return all.filter(
    (item) =>
      item.date === date ||
      (item.date < date && open.has(item.status)) ||
      (item.date === dayBefore && isUnrecordedCapsule(item)),
  );
}

/** A capsule whose time has passed with nothing recorded: it may have been taken and forgotten to be told. */
export function isUnrecordedCapsule({ kind, status, reason }: Standing): boolean {
  return kind === 'dose' && status === 'closed' && reason === null;
}

export function upcoming(all: readonly Standing[], date: string, count: number): readonly Standing[] {
  return all.filter((item) => item.date > date && item.status === 'upcoming').slice(0, count);
}

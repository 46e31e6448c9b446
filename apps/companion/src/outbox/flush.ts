/** Sends what waits, in order, and refreshes what the phone knows. One tab at a time; repeats are harmless. */

import { type Command, commandToSend, fateOf } from '@limen/conduct';
import type { Problem, Route } from '@limen/contract';
import { change, type KeptNote, readState } from '../page/state.ts';
import { urgentFirst } from '../schedule/standing.ts';
import type { Params } from '../server/answers.ts';
import { call, Refused } from '../server/client.ts';
import {
  checkLeftovers,
  consent,
  openEnvelope,
  planPacking,
  recordDose,
  recordPacking,
  recordWearableDays,
  reportAdverseEvent,
  screen,
  submit,
  withdraw,
} from '../server/routes.ts';
import { deleteDocument, writeDocument } from '../storage/documents.ts';
import { removeEntry, replaceEntry, type Waiting, writeHeld } from '../storage/outbox.ts';
import type { OwnCommandType } from './entry.ts';
import { pauseAfter } from './pause.ts';
import { refresh, sessionEnded } from './refresh.ts';
import { showEntries } from './show.ts';

const routeOf = {
  screen,
  consent,
  recordDose,
  recordWearableDays,
  submit,
  reportAdverseEvent,
  planPacking,
  recordPacking,
  openEnvelope,
  checkLeftovers,
  withdraw,
} as const satisfies Record<OwnCommandType, Route>;

/** The route and the command are of one kind, which the compiler cannot see across a union. */
const send = call as unknown as (route: Route, input: { params: Params; body: Command }) => Promise<unknown>;

/** How often the phone asks while the app is open, milliseconds. */
const regularlyMs = 60_000;
const keptNotes = 50;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | null = null;
let wantedAgain = false;

/** Never throws: what cannot be sent now is sent later. Asked while it runs, it runs once more: the outbox may have been read already. */
export function synchronise(): Promise<void> {
  if (running !== null) {
    wantedAgain = true;
    return running;
  }
  running = runUntilDone().finally(() => {
    running = null;
  });
  return running;
}

async function runUntilDone(): Promise<void> {
  do {
    wantedAgain = false;
    await runOnce();
  } while (wantedAgain);
}

export function keepSynchronised(): void {
  const now = () => {
    failures = 0;
    void synchronise();
  };
  window.addEventListener('online', now);
  window.addEventListener('offline', () => change({ reach: 'offline' }));
  window.addEventListener('focus', now);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') now();
  });
}

async function runOnce(): Promise<void> {
  clearTimeout(timer);
  const { session, phase } = readState();
  if (phase !== 'open' || session === null) return;
  if (session.token !== null) {
    change({ sending: true });
    const reached = await navigator.locks.request('limen-outbox', sendAll).catch(() => false);
    const current = reached && (await refresh());
    failures = current ? 0 : failures + 1;
    change({ sending: false });
  }
  const pause = failures === 0 ? regularlyMs : pauseAfter(failures - 1, Math.random());
  timer = setTimeout(() => void synchronise(), pause);
}

/** False where the server could not be reached or wants the code. */
async function sendAll(): Promise<boolean> {
  await writeHeld();
  const waiting = urgentFirst(await showEntries());
  let reached = true;
  for (const entry of waiting) {
    if (entry.refusal !== null) continue;
    const goOn = await sendOne(entry);
    await showEntries();
    if (goOn) continue;
    reached = false;
    break;
  }
  return reached;
}

/** Whether the next one may be sent. */
async function sendOne(entry: Waiting): Promise<boolean> {
  const { session } = readState();
  if (session?.token == null) return false;
  const { studyId, participantId } = session;
  const body = commandToSend(entry.command, entry, new Date().toISOString());
  try {
    await send(routeOf[entry.command.type], { params: { studyId, participantId }, body });
    await removeEntry(entry.position);
    change({ reach: 'online', sent: [...readState().sent, entry] });
    return true;
  } catch (error) {
    return settle(entry, error instanceof Refused ? error.problem : null);
  }
}

async function settle(entry: Waiting, problem: Problem | null): Promise<boolean> {
  const { position, ...kept } = entry;
  change({ reach: problem === null ? 'offline' : 'online' });
  const fate = fateOf(problem, entry.faults);
  switch (fate) {
    case 'keptForTeam':
      await noteKept({ label: entry.label, at: entry.occurredAt, detail: problem?.detail ?? '' });
      await removeEntry(position);
      return true;
    case 'saidBefore':
      await removeEntry(position);
      return true;
    case 'refused': {
      const { code = '', detail = '', problems = [] } = problem ?? {};
      const refusal = { code, detail, problems: problems.map((one) => ({ path: one.path, detail: one.detail })) };
      await replaceEntry(position, { ...kept, refusal });
      return true;
    }
    case 'signIn':
      await sessionEnded();
      return false;
    case 'stepAside':
    case 'later':
      if (problem !== null && problem.status >= 500)
        await replaceEntry(position, { ...kept, faults: entry.faults + 1 });
      return fate === 'stepAside';
  }
}

async function noteKept(note: KeptNote): Promise<void> {
  const kept = [note, ...readState().kept].slice(0, keptNotes);
  await writeDocument('kept', kept);
  change({ kept });
}

export async function clearKeptNotes(): Promise<void> {
  await deleteDocument('kept');
  change({ kept: [] });
}

/** What the app knows now, in one place; screens read it and are drawn again when it changes. */
import { useEffect, useState } from 'preact/hooks';
import type { History, Today } from '../server/answers.ts';
import type { Guards } from '../storage/keys.ts';
import type { Waiting } from '../storage/outbox.ts';

export type Session = { readonly token: string | null; readonly studyId: string; readonly participantId: string };
/** An entry the server did not accept but kept for the study team. */
export type KeptNote = { readonly label: string; readonly at: string; readonly detail: string };
export type Preferences = {
  readonly country: string | null;
  /** Cups of coffee or tea in the last check-in on this phone: offered as one tap, never filled in. */
  readonly usualCups?: number;
  /** Minutes without a touch after which the app locks, where there is a PIN or a passkey. */
  readonly lockAfterMinutes?: number;
};

export type State = {
  /** `closed`: nobody has joined on this phone. `locked`: somebody has, and the key is put away. */
  readonly phase: 'starting' | 'closed' | 'locked' | 'open' | 'unusable';
  /** What besides the personal code opens this phone. */
  readonly guards: Guards;
  readonly session: Session | null;
  readonly today: Today | null;
  /** Server clock minus device clock when `today` was fetched, milliseconds. */
  readonly clockLeadMs: number;
  readonly history: History | null;
  readonly entries: readonly Waiting[];
  /** Taken by the server since `today` was fetched: what they say stays on the screen in between. */
  readonly sent: readonly Waiting[];
  readonly kept: readonly KeptNote[];
  readonly preferences: Preferences;
  readonly reach: 'unknown' | 'online' | 'offline';
  readonly sending: boolean;
  /** The phone has no room: what was entered last is held while this window stays open. */
  readonly storageFull: boolean;
  /** By the device's clock; moves on every half minute. */
  readonly deviceMs: number;
  readonly newVersion: boolean;
  /** Of the texts on the screen; see `words`. */
  readonly language: string;
  /** Read out and shown for a moment. */
  readonly notice: string;
};

let state: State = {
  phase: 'starting',
  guards: { pin: false, passkey: false },
  session: null,
  today: null,
  clockLeadMs: 0,
  history: null,
  entries: [],
  sent: [],
  kept: [],
  preferences: { country: null },
  reach: 'unknown',
  sending: false,
  storageFull: false,
  deviceMs: Date.now(),
  newVersion: false,
  language: 'en',
  notice: '',
};
const listeners = new Set<() => void>();

export function readState(): State {
  return state;
}

export function change(next: Partial<State>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

export function useAppState(): State {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((count) => count + 1);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return state;
}

/** The instant the schedule is read at: the device's clock, put right by the server's. */
export function nowMs({ deviceMs, clockLeadMs }: State): number {
  return deviceMs + clockLeadMs;
}

/** What this phone knows to have happened besides `today`. */
export function ownEntries({ entries, sent }: State): readonly Waiting[] {
  return [...entries, ...sent];
}

export function waitingCount({ entries }: State): number {
  return entries.filter(({ refusal }) => refusal === null).length;
}

/** Locks after a time without a touch, where the person has set a PIN or a passkey. Other windows follow. */
import { isAbsent } from './absence.ts';
import { lockNow } from './access.ts';
import { readState } from './state.ts';

export const usualMinutes = 5;
const lookMs = 5_000;
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('limen-lock') : null;

let lastTouchMs = Date.now();

function look(): void {
  const { phase, guards, preferences } = readState();
  if (phase !== 'open' || !(guards.pin || guards.passkey)) return;
  if (isAbsent(lastTouchMs, Date.now(), preferences.lockAfterMinutes ?? usualMinutes)) void lockAll();
}

/** Locks this window and every other of the app. */
export async function lockAll(): Promise<void> {
  channel?.postMessage('lock');
  await lockNow();
}

export function keepLocked(): void {
  const touched = () => {
    look();
    lastTouchMs = Date.now();
  };
  for (const kind of ['pointerdown', 'keydown', 'input']) addEventListener(kind, touched, { capture: true });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') touched();
  });
  channel?.addEventListener('message', () => {
    if (readState().phase === 'open') void lockNow();
  });
  setInterval(look, lookMs);
}

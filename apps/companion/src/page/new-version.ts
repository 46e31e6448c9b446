/** The app's own updates: a new version is fetched in the background and waits until no entry can suffer from it. */
import { change, readState } from './state.ts';

let waiting: ServiceWorker | null = null;
let asked = false;

export async function keepInstalled(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
  });
  const registration = await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' }).catch(() => null);
  if (registration === null) return;
  const notice = () => {
    // The first version has nobody to wait for.
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    waiting = registration.waiting;
    change({ newVersion: true });
  };
  notice();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', notice);
  });
  document.addEventListener('visibilitychange', () => {
    // Out of sight, nothing unsent and no form open: the moment nobody notices.
    const idle = readState().entries.length === 0 && !/^#\/(do|screening|consent|report)/.test(location.hash);
    if (document.visibilityState === 'hidden' && idle) takeNewVersion();
    if (document.visibilityState === 'visible') void registration.update().catch(() => null);
  });
}

export function takeNewVersion(): void {
  if (waiting === null) return;
  asked = true;
  waiting.postMessage('take-over');
}

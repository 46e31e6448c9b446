/** Starts the app in its page. */
import './style.css';
import { h, render } from 'preact';
import { keepSynchronised } from './outbox/flush.ts';
import { openApp } from './page/access.ts';
import { App } from './page/app.tsx';
import { keepLocked } from './page/auto-lock.ts';
import { keepInstalled } from './page/new-version.ts';
import { change } from './page/state.ts';
import { holdsEntries } from './storage/outbox.ts';
import { startLanguage } from './words/language.ts';

/** How often times on the screen are looked at again, milliseconds. */
const clockMs = 30_000;

const root = document.getElementById('app');
if (root !== null) render(h(App, {}), root);

setInterval(() => change({ deviceMs: Date.now() }), clockMs);
document.addEventListener('visibilitychange', () => change({ deviceMs: Date.now() }));
// Without it a phone short of space may clear what was not sent.
void navigator.storage?.persist?.().catch(() => false);

startLanguage()
  .then(openApp)
  .then(keepSynchronised)
  .catch(() => change({ phase: 'unusable' }));
keepLocked();
addEventListener('beforeunload', (event) => {
  if (holdsEntries()) event.preventDefault();
});
void keepInstalled();

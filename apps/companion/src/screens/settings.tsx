/** What is stored here, and how to put it away. */
import { useState } from 'preact/hooks';
import { signOutAndErase } from '../page/access.ts';
import { lockAll } from '../page/auto-lock.ts';
import { takeNewVersion } from '../page/new-version.ts';
import { go, goInstead } from '../page/route.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';

export function SettingsScreen() {
  const { entries, today, history, newVersion, guards } = useAppState();
  return (
    <>
      <Title>Settings</Title>
      <section class="card">
        <h2>On this phone</h2>
        <dl class="stored">
          <Line name="Your schedule">{today === null ? 'Not yet' : `${today.schedule.length} items`}</Line>
          <Line name="Your own entries">{history === null ? 'Not yet' : `${history.length} entries`}</Line>
          <Line name="Entries not sent yet">{String(entries.length)}</Line>
          <Line name="Answers begun">Kept until you save them</Line>
        </dl>
        <p>
          All of it is encrypted under a key that the browser does not hand out. Somebody who holds your unlocked phone
          can still open this app; lock it if others use the phone.
        </p>
        {newVersion ? (
          <button type="button" class="quiet wide" onClick={takeNewVersion}>
            Use the new version of the app
          </button>
        ) : null}
      </section>
      <section class="card">
        <h2>Lock</h2>
        <p>
          {guards.pin || guards.passkey
            ? 'Locking puts the key away. Your PIN, your passkey or your personal code opens the app again, also without a connection. Nothing is lost.'
            : 'Locking puts the key away. Your personal code opens the app again, also without a connection. Nothing is lost.'}
        </p>
        <div class="actions">
          <button type="button" class="quiet" onClick={() => void lockAll().then(() => goInstead(''))}>
            Lock now
          </button>
          <a class="button quiet" href="#/lock">
            {guards.pin || guards.passkey ? 'Change the lock' : 'Open with a PIN'}
          </a>
        </div>
      </section>
      <SignOut unsent={entries.length} />
      <section class="card">
        <h2>The study</h2>
        <ul class="links">
          {today?.consentedVersion == null ? null : (
            <li>
              <a href="#/consent/copy">Read what you signed</a>
            </li>
          )}
          {today?.status === 'withdrawn' ? null : (
            <li>
              <a href="#/withdraw">Stop or leave</a>
            </li>
          )}
        </ul>
      </section>
    </>
  );
}

function Line({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SignOut({ unsent }: { unsent: number }) {
  const [sure, setSure] = useState(false);
  return (
    <section class="card">
      <h2>Sign out</h2>
      <p>Signing out removes everything from this phone.</p>
      {unsent === 0 ? null : (
        <p class="note">
          <b>{unsent === 1 ? 'One entry has' : `${unsent} entries have`} not been sent.</b> Signing out now loses{' '}
          {unsent === 1 ? 'it' : 'them'}. Go online first, or lock the app instead.
        </p>
      )}
      {sure ? (
        <div class="actions">
          <button type="button" class="quiet" onClick={() => setSure(false)}>
            Stay
          </button>
          <button type="button" class="danger" onClick={() => void signOutAndErase().then(() => go(''))}>
            {unsent === 0 ? 'Yes, sign out' : 'Yes, and lose them'}
          </button>
        </div>
      ) : (
        <button type="button" class="quiet wide" onClick={() => setSure(true)}>
          Sign out
        </button>
      )}
    </section>
  );
}

/** What is stored here, and how to put it away. */
import { useState } from 'preact/hooks';
import { signOutAndErase } from '../page/access.ts';
import { lockAll } from '../page/auto-lock.ts';
import { takeNewVersion } from '../page/new-version.ts';
import { go, goInstead } from '../page/route.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { count, words } from '../words/index.ts';
import { LanguageChoice } from './language-choice.tsx';

export function SettingsScreen() {
  const { entries, today, history, newVersion, guards } = useAppState();
  const texts = words().settings;
  return (
    <>
      <Title>{words().frame.settings}</Title>
      <LanguageChoice />
      <section class="card">
        <h2>{texts.onThisPhone}</h2>
        <dl class="stored">
          <Line name={texts.schedule}>{today === null ? texts.notYet : count(texts.items, today.schedule.length)}</Line>
          <Line name={texts.ownEntries}>{history === null ? texts.notYet : count(texts.entries, history.length)}</Line>
          <Line name={texts.notSent}>{String(entries.length)}</Line>
          <Line name={texts.begun}>{texts.keptUntilSaved}</Line>
        </dl>
        <p>{texts.encrypted}</p>
        {newVersion ? (
          <button type="button" class="quiet wide" onClick={takeNewVersion}>
            {texts.useNewVersion}
          </button>
        ) : null}
      </section>
      <section class="card">
        <h2>{texts.lock}</h2>
        <p>{guards.pin || guards.passkey ? texts.lockingGuarded : texts.locking}</p>
        <div class="actions">
          <button type="button" class="quiet" onClick={() => void lockAll().then(() => goInstead(''))}>
            {texts.lockNow}
          </button>
          <a class="button quiet" href="#/lock">
            {guards.pin || guards.passkey ? texts.changeLock : texts.setPin}
          </a>
        </div>
      </section>
      {today === null || today.status === 'withdrawn' ? null : (
        <section class="card">
          <h2>{texts.reminders}</h2>
          <p>{texts.remindersLead}</p>
          <a class="button quiet wide" href="#/reminders">
            {texts.remindersOpen}
          </a>
          <p>{texts.wearablesLead}</p>
          <a class="button quiet wide" href="#/wearables">
            {texts.wearablesOpen}
          </a>
        </section>
      )}
      <SignOut unsent={entries.length} />
      <section class="card">
        <h2>{texts.study}</h2>
        <ul class="links">
          {today?.consentedVersion == null ? null : (
            <li>
              <a href="#/consent/copy">{texts.readSigned}</a>
            </li>
          )}
          {today?.status === 'withdrawn' ? null : (
            <li>
              <a href="#/withdraw">{words().withdraw.title}</a>
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
  const texts = words().settings;
  return (
    <section class="card">
      <h2>{texts.signOut}</h2>
      <p>{texts.signingOut}</p>
      {unsent === 0 ? null : (
        <p class="note">
          <b>{count(texts.unsent, unsent)}</b> {count(texts.loses, unsent)}
        </p>
      )}
      {sure ? (
        <div class="actions">
          <button type="button" class="quiet" onClick={() => setSure(false)}>
            {texts.stay}
          </button>
          <button type="button" class="danger" onClick={() => void signOutAndErase().then(() => go(''))}>
            {unsent === 0 ? texts.signOutSure : texts.loseSure}
          </button>
        </div>
      ) : (
        <button type="button" class="quiet wide" onClick={() => setSure(true)}>
          {texts.signOut}
        </button>
      )}
    </section>
  );
}

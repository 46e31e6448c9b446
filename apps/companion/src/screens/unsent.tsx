/** Entries still on the phone: waiting, or not accepted and to be looked at. */
import { useState } from 'preact/hooks';
import { synchronise } from '../outbox/flush.ts';
import { correct, discard } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { nowMs, useAppState } from '../page/state.ts';
import { momentOf } from '../schedule/times.ts';
import type { Waiting } from '../storage/outbox.ts';
import { fill, words } from '../words/index.ts';

export function Unsent() {
  const state = useAppState();
  const timeZone = state.today?.timeZone ?? 'UTC';
  const waiting = state.entries.filter(({ refusal }) => refusal === null);
  const refused = state.entries.filter(({ refusal }) => refusal !== null);
  if (state.entries.length === 0) return null;
  return (
    <>
      {refused.map((entry) => (
        <Refused key={entry.position} entry={entry} />
      ))}
      {waiting.length === 0 ? null : (
        <section class="card">
          <h2>{fill(words().unsent.title, { n: waiting.length })}</h2>
          <p>{words().unsent.safe}</p>
          <ul class="plain">
            {waiting.map(({ position, label, occurredAt }) => (
              <li key={position}>
                <b>{label}</b> {momentOf(occurredAt, nowMs(state), timeZone)}
              </li>
            ))}
          </ul>
          <button type="button" class="quiet" disabled={state.sending} onClick={() => void synchronise()}>
            {words().unsent.tryNow}
          </button>
        </section>
      )}
    </>
  );
}

/** Where an entry of this kind is filled in again. */
function placeOf({ command }: Waiting): string | null {
  switch (command.type) {
    case 'submit':
      return `do/${encodeURIComponent(command.occurrence)}`;
    case 'screen':
      return 'screening';
    case 'consent':
      return 'consent';
    case 'reportAdverseEvent':
      return 'report';
    case 'planPacking':
    case 'recordPacking':
      return 'packing';
    case 'openEnvelope':
      return 'envelope';
    case 'checkLeftovers':
      return 'leftovers';
    case 'recordWearableDays':
      return 'wearables';
    case 'recordDose':
    case 'withdraw':
      return null;
  }
}

function Refused({ entry }: { entry: Waiting }) {
  const [sure, setSure] = useState(false);
  const place = placeOf(entry);
  const texts = words().unsent;
  const { detail = '', problems = [] } = entry.refusal ?? {};
  return (
    <section class="card refused">
      <h2>{fill(texts.look, { label: entry.label })}</h2>
      <p>{detail}</p>
      {problems.length === 0 ? null : (
        <ul class="plain">
          {problems.map(({ path, detail: fault }) => (
            <li key={path}>{fault}</li>
          ))}
        </ul>
      )}
      <div class="actions">
        {sure ? (
          <button type="button" class="danger" onClick={() => void discard(entry.position)}>
            {texts.discardSure}
          </button>
        ) : (
          <button type="button" class="quiet" onClick={() => setSure(true)}>
            {texts.discard}
          </button>
        )}
        {place === null ? null : (
          <button type="button" class="primary" onClick={() => void correct(entry).then(() => go(place))}>
            {texts.changeAndSend}
          </button>
        )}
      </div>
    </section>
  );
}

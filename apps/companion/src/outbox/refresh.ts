/** Fetches what the phone needs to work without the network, and keeps it sealed. */

import { change, readState } from '../page/state.ts';
import { call, Refused, setToken } from '../server/client.ts';
import { ownHistory, today } from '../server/routes.ts';
import { writeDocument } from '../storage/documents.ts';

/** True where the server answered. */
export async function refresh(): Promise<boolean> {
  const { session } = readState();
  if (session?.token == null) return false;
  const { studyId, participantId } = session;
  try {
    const asked = Date.now();
    const found = await call(today, { params: { studyId, participantId } });
    const arrived = Date.now();
    // The server read its clock somewhere between; small differences are the way through the network.
    const lead = Date.parse(found.now) - (asked + arrived) / 2;
    const clockLeadMs = Math.abs(lead) < 5_000 ? 0 : Math.round(lead);
    await writeDocument('today', { today: found, clockLeadMs });
    change({ today: found, sent: [], clockLeadMs, reach: 'online', deviceMs: Date.now() });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) await sessionEnded();
    else change({ reach: error instanceof Refused ? 'online' : 'offline' });
    return false;
  }
}

const historyPage = 500;
const historyPages = 20;

export async function refreshHistory(): Promise<boolean> {
  const { session } = readState();
  if (session?.token == null) return false;
  const { studyId, participantId } = session;
  const params = { studyId, participantId };
  try {
    const entries = [];
    let after: string | undefined;
    for (let page = 0; page < historyPages; page += 1) {
      const query = after === undefined ? { limit: historyPage } : { limit: historyPage, after };
      const found = await call(ownHistory, { params, query });
      entries.push(...found.entries);
      if (found.next === null) break;
      after = found.next;
    }
    await writeDocument('history', entries);
    change({ history: entries });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) await sessionEnded();
    return false;
  }
}

/** The token no longer counts; everything on the phone stays, and the code brings the session back. */
export async function sessionEnded(): Promise<void> {
  const { session } = readState();
  if (session === null) return;
  const next = { ...session, token: null };
  setToken(null);
  await writeDocument('session', next);
  change({ session: next });
}

/** What the study team does in a scenario beside enrolling people. */
import { routes, urlOf } from '@limen/contract';
import { codeBreaker } from './allowed.ts';
import { send } from './http.ts';
import { vaultTokens } from './installation.ts';
import type { Place, Someone } from './place.ts';
import { password } from './staff.ts';

const paramsOf = (place: Place, who: Someone) => ({
  studyId: place.studyId,
  participantId: who.participantId ?? '0000000000',
});
const studyOf = (place: Place) => ({ studyId: place.studyId });

const assess = (place: Place, who: Someone) =>
  place.call('investigator')(routes.assessAdverseEvent, {
    params: paramsOf(place, who),
    body: {
      type: 'assessAdverseEvent',
      commandId: place.commandId(),
      adverseEventId: who.adverseEventId ?? 'none',
      grade: 2,
      serious: false,
      relatedness: 'possible',
      outcome: 'resolved',
      reason: 'Seen in the clinic',
    },
  });

async function hold(place: Place, who: Someone): Promise<void> {
  const { events } = await place.call('investigator')(routes.hold, {
    params: paramsOf(place, who),
    body: { type: 'hold', commandId: place.commandId(), reason: 'To be looked at' },
  });
  who.holdId = events.find(({ type }) => type === 'dosing.held')?.id ?? who.holdId;
}

const resume = (place: Place, who: Someone) =>
  place.call('investigator')(routes.resume, {
    params: paramsOf(place, who),
    body: { type: 'resume', commandId: place.commandId(), holdId: who.holdId ?? 'none', reason: 'All is well' },
  });

const complete = (place: Place, who: Someone) =>
  place.call('coordinator')(routes.complete, {
    params: paramsOf(place, who),
    body: { type: 'complete', commandId: place.commandId() },
  });

async function loseKit(place: Place, who: Someone): Promise<void> {
  await place.call('coordinator')(routes.reportKitLost, {
    params: paramsOf(place, who),
    body: { type: 'reportKitLost', commandId: place.commandId(), kit: who.kit ?? 'none', cause: 'lost' },
  });
}

const replaceKit = (place: Place, who: Someone) =>
  place.call('coordinator')(routes.replaceKit, {
    params: paramsOf(place, who),
    body: { type: 'replaceKit', commandId: place.commandId() },
  });

const returnKit = (place: Place, who: Someone) =>
  place.call('pharmacist')(routes.returnKit, {
    params: paramsOf(place, who),
    body: { type: 'returnKit', commandId: place.commandId(), kit: who.kit ?? 'none', units: 3 },
  });

async function acknowledge(place: Place): Promise<void> {
  const call = place.call('investigator');
  const { signals } = await call(routes.signals, { params: studyOf(place), query: { open: 'true' } });
  const signalId = signals[0]?.signalId ?? 'none';
  await call(routes.acknowledgeSignal, {
    params: { ...studyOf(place), signalId },
    body: { commandId: place.commandId(), disposition: 'Called, all is well' },
  });
}

const takeCheckpoint = (place: Place) => place.call('monitor')(routes.takeCheckpoint, { params: studyOf(place) });

/** The version after the one in force; whether people are asked again alternates. */
async function amend(place: Place): Promise<void> {
  const document = JSON.parse(place.text) as { version: string; shortTitle: string };
  const [major = '1', minor = '0', patch = '0'] = document.version.split('.');
  const version = `${major}.${minor}.${Number(patch) + 1}`;
  const text = JSON.stringify({ ...document, version, shortTitle: `${document.shortTitle}.` });
  const body = { commandId: place.commandId(), text, replaces: document.version, reconsent: false, reason: 'A slip' };
  await place.call('investigator')(routes.amendProtocol, { params: studyOf(place), body });
  place.text = text;
}

async function draft(place: Place): Promise<void> {
  const call = place.call('investigator');
  const made = await call(routes.createDraft, {
    body: { commandId: place.commandId(), from: { kind: 'template', template: 'two-arm' } },
  });
  place.draftId = made.draftId;
  await call(routes.saveDraft, { params: { draftId: made.draftId }, body: { base: 1, text: '{"title":"Half"}' } });
}

const stepUp = (place: Place) => place.call('investigator')(routes.stepUp, { body: { password } });

async function handleSupply(place: Place): Promise<void> {
  const params = { ...studyOf(place), shipmentId: 'none' };
  const temperature = { lowestCelsius: 2, highestCelsius: 30, hours: 1 };
  const receipt = { commandId: place.commandId(), missing: [], damaged: [], excursion: null };
  const excursion = { commandId: place.commandId(), ...temperature, reason: 'Logger read' };
  await place.ask('pharmacist', { method: 'POST', path: urlOf(routes.receiveShipment, params), body: receipt });
  await place.ask('pharmacist', { method: 'POST', path: urlOf(routes.recordExcursion, params), body: excursion });
}

const lock = (place: Place) =>
  place.call('investigator')(routes.lockStudy, {
    params: studyOf(place),
    body: { commandId: place.commandId(), reason: 'All data are in' },
  });

/** One of the two who are needed: nothing is released. */
const approveOnce = (place: Place) =>
  place.call('statistician')(routes.approveRelease, {
    params: studyOf(place),
    body: { commandId: place.commandId(), reason: 'Plan is fixed' },
  });

/** The person on call breaks one participant's code. What that person is told is heard under a role of its own. */
async function breakCode(place: Place, who: Someone): Promise<void> {
  const { vault } = place.installation;
  const path = `/studies/${place.studyId}/code-breaks`;
  const body = { participantId: who.participantId ?? '0000000000', reason: 'Unconscious', by: 'on-call' };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${vaultTokens.emergency}` };
  let reply = await send(vault.address, { method: 'POST', path, headers, body: JSON.stringify(body) });
  const { leak } = place.scenario;
  const people = place.people.flatMap(({ participantId }) => participantId ?? []);
  if (leak?.codeBreak) reply = leak.codeBreak(reply, body.participantId, people, place.installation.knows);
  place.heard.push(`${codeBreaker}: ${body.participantId}\n${reply.status} ${reply.headers.join('\n')}\n${reply.body}`);
  await place.installation.hearFacts();
}

export const teamActs = {
  assess,
  hold,
  resume,
  complete,
  loseKit,
  replaceKit,
  returnKit,
  acknowledge,
  takeCheckpoint,
  amend,
  draft,
  stepUp,
  handleSupply,
  lock,
  approveOnce,
  breakCode,
} as const;

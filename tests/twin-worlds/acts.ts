/** Everything that can happen in a scenario: by name, one function each. A refusal is an answer like any other. */
import type { Command } from '@limen/conduct';
import { routes, urlOf } from '@limen/contract';
import { compileCalendar, nextStartDate } from '@limen/protocol';
import { consentAnswers, screeningAnswers, scriptParticipant, selfBlinding2021 } from '@limen/simulation';
import { philox } from '@limen/statistics';
import type { Fault } from './faults.ts';
import type { Place, Someone } from './place.ts';
import { loginOf, password, siteBound } from './staff.ts';
import { teamActs } from './team-acts.ts';

export type Perform = (place: Place, who: Someone) => Promise<unknown>;

const dayMs = 86_400_000;

const paramsOf = (place: Place, who: Someone) => ({
  studyId: place.studyId,
  participantId: who.participantId ?? '0000000000',
});

const streamOf = (place: Place, who: Someone) => philox(`${place.scenario.seed} person ${who.index}`);

async function invite(place: Place, who: Someone): Promise<void> {
  const { siteId, timeZone } = who;
  const contact = who.index % 2 === 0 ? { contact: { name: `Person ${who.index}` } } : {};
  const body = { commandId: place.commandId(), siteId, timeZone, ...contact };
  const { participantId, code } = await place.call('coordinator')(routes.inviteParticipant, {
    params: { studyId: place.studyId },
    body,
  });
  Object.assign(who, { participantId, code });
}

async function join(place: Place, who: Someone): Promise<void> {
  const { token } = await place.call(who.role)(routes.participantSignIn, {
    body: { code: who.code ?? '-'.repeat(20) },
  });
  place.tokens[who.role] = token;
}

const screen: Perform = (place, who) =>
  place.call(who.role)(routes.screen, {
    params: paramsOf(place, who),
    body: {
      type: 'screen',
      commandId: place.commandId(),
      ...screeningAnswers(place.protocol, who.person, streamOf(place, who)),
    },
  });

const consentTo = (place: Place, who: Someone, change: object) =>
  place.call(who.role)(routes.consent, {
    params: paramsOf(place, who),
    body: { type: 'consent', commandId: place.commandId(), ...consentAnswers(place.protocol), ...change },
  });

const confirm: Perform = (place, who) =>
  place.call('investigator')(routes.confirmEligibility, {
    params: paramsOf(place, who),
    body: { type: 'confirmEligibility', commandId: place.commandId(), reason: 'Reviewed' },
  });

/** The receipt has no kit; who may see the participant reads the label there. */
async function randomise(place: Place, who: Someone, fault?: Fault): Promise<void> {
  const { protocol, installation } = place;
  const tomorrow = new Date(installation.clock.now + dayMs).toISOString().slice(0, 10);
  const startDate = nextStartDate(protocol, tomorrow);
  const body = { type: 'randomise', commandId: place.commandId(), startDate } as const;
  const params = paramsOf(place, who);
  const asked = place.call('coordinator')(routes.randomise, { params, body });
  if (fault === undefined) await asked;
  else await asked.catch(() => undefined);
  const { row } = await place.call('pharmacist')(routes.participant, { params });
  who.kit = row.kit;
  who.startDate = row.startDate;
}

async function randomiseUnder(place: Place, who: Someone, fault: Fault): Promise<void> {
  const { breaker } = place.installation;
  await breaker.breakDown(fault);
  try {
    await randomise(place, who, fault);
  } finally {
    await breaker.mend();
  }
}

const dispenseKit = (place: Place, who: Someone, kit: string) =>
  place.call('pharmacist')(routes.dispense, {
    params: paramsOf(place, who),
    body: { type: 'dispense', commandId: place.commandId(), kit },
  });

/** Packs the own envelopes: everything but the labels, which are for the packer alone and in a letter to one device. */
async function pack(place: Place, who: Someone): Promise<void> {
  const call = place.call(who.role);
  const params = paramsOf(place, who);
  const plan = { type: 'planPacking', commandId: place.commandId(), mode: 'self' } as const;
  await call(routes.planPacking, { params, body: plan });
  for (const step of ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const) {
    const weights = step === 'weighed' ? { weights: [300, 310, 305], resolutionMg: 10 } : {};
    const sealCode = step === 'sealed' ? { sealCode: 'ABCDE-12345' } : {};
    const body = { type: 'recordPacking', commandId: place.commandId(), step, ...weights, ...sealCode } as const;
    await call(routes.recordPacking, { params, body });
  }
}

/** The envelope of week 1, one that was to stay sealed, and somebody else's. */
async function openEnvelopes(place: Place, who: Someone): Promise<void> {
  const params = paramsOf(place, who);
  const { packing } = await place.call(who.role)(routes.today, { params });
  for (const envelope of [packing?.weeks[0]?.envelope, packing?.leftovers[0], '7'.repeat(26)]) {
    const body = { type: 'openEnvelope', commandId: place.commandId(), envelope: envelope ?? 'none', week: 1 };
    await place.ask(who.role, { method: 'POST', path: urlOf(routes.openEnvelope, params), body });
  }
}

/** What the person does next with the calendar. What a capsule does to a body is an input: the same in both worlds. */
async function diary(place: Place, who: Someone): Promise<void> {
  const act = scriptOf(place, who)[who.next];
  if (act === undefined) return;
  who.next += 1;
  const { clock, knows } = place.installation;
  clock.now = Math.max(clock.now, Date.parse(act.deliverAt));
  const path = pathOf(place, who, act.command);
  if (path === null) return;
  const { leak } = place.scenario;
  for (let sent = 0; sent <= act.repeats; sent += 1) await enterAs(place, who, path, act.command);
  const hidden = act.command.type === 'recordDose' && leak?.afterDose !== undefined;
  if (hidden && who.participantId !== null && knows(who.participantId) === true) await leakAfterDose(place, who);
}

/** Everything due before the next capsule, and the capsule. */
async function untilDose(place: Place, who: Someone): Promise<void> {
  const script = scriptOf(place, who);
  const dose = script.findIndex(({ command }, index) => index >= who.next && command.type === 'recordDose');
  while (who.next <= dose) await diary(place, who);
}

function scriptOf(place: Place, who: Someone) {
  if (who.script !== null || who.startDate === null || who.participantId === null) return who.script ?? [];
  const { protocol } = place;
  const { startDate, timeZone, participantId, person } = who;
  const calendar = compileCalendar(protocol, { startDate, timeZone, drawSeed: participantId });
  const contents = calendar.occurrences.map(() => 'placebo' as const);
  const random = streamOf(place, who);
  const { acts } = scriptParticipant({ protocol, calendar, person, contents, settings: selfBlinding2021, random });
  who.script = acts.toSorted((a, b) => (a.deliverAt < b.deliverAt ? -1 : a.deliverAt > b.deliverAt ? 1 : 0));
  return who.script;
}

const routeOf: Partial<Record<Command['type'], (typeof routes)['submit'] | (typeof routes)['recordDose']>> = {
  recordDose: routes.recordDose,
  submit: routes.submit,
  reportAdverseEvent: routes.reportAdverseEvent as never,
  withdraw: routes.withdraw as never,
};

function pathOf(place: Place, who: Someone, command: Command): string | null {
  const target = routeOf[command.type];
  return target === undefined ? null : urlOf(target, paramsOf(place, who));
}

async function enterAs(place: Place, who: Someone, path: string, command: Command): Promise<void> {
  const answer = await place.ask(who.role, { method: 'POST', path, body: command });
  who.lastEntry = { path, body: command };
  const events = eventsIn(answer);
  const submitted = events.find(({ type }) => type === 'answers.submitted');
  if (submitted && command.type === 'submit') {
    who.lastSubmission = { id: submitted.id, item: Object.keys(command.answers)[0] ?? 'none' };
  }
  who.adverseEventId = events.find(({ type }) => type === 'adverseEvent.reported')?.id ?? who.adverseEventId;
  who.holdId = events.find(({ type }) => type === 'dosing.held')?.id ?? who.holdId;
}

function eventsIn(answer: string): readonly { type: string; id: string }[] {
  const { events } = JSON.parse(answer) as { events?: { type: string; id: string }[] };
  return events ?? [];
}

/** What a server keyed to the true dose would do by itself, done for it. */
async function leakAfterDose(place: Place, who: Someone): Promise<void> {
  const params = paramsOf(place, who);
  if (place.scenario.leak?.afterDose === 'hold') {
    const body = { type: 'hold', commandId: `leak-${place.commandId()}`, reason: 'Dose above the limit' } as const;
    await place.call('investigator')(routes.hold, { params, body });
  } else {
    const path = urlOf(routes.reportAdverseEvent, params);
    const common = { term: 'Interaction warning', onset: who.startDate, ongoing: true, grade: 1, serious: false };
    const body = { type: 'reportAdverseEvent', commandId: `leak-${place.commandId()}`, ...common };
    await place.ask('investigator', { method: 'POST', path, body });
  }
}

const reportAdverseEvent =
  (grade: 1 | 2 | 3 | 4 | 5, serious: boolean): Perform =>
  (place, who) =>
    enterAs(place, who, urlOf(routes.reportAdverseEvent, paramsOf(place, who)), {
      type: 'reportAdverseEvent',
      commandId: place.commandId(),
      term: serious ? 'Seizure' : 'Headache',
      onset: new Date(place.installation.clock.now).toISOString().slice(0, 10),
      ongoing: false,
      grade,
      serious,
    });

const withdraw =
  (scope: 'dosing' | 'study' | 'futureUse'): Perform =>
  (place, who) =>
    place.call(who.role)(routes.withdraw, {
      params: paramsOf(place, who),
      body: { type: 'withdraw', commandId: place.commandId(), scope, reason: 'Own wish' },
    });

/** A phone beside the first: the same entry again, then another content under the same id. */
async function secondDevice(place: Place, who: Someone): Promise<void> {
  await join(place, who);
  if (who.lastEntry === null) return;
  const { path, body } = who.lastEntry;
  await place.ask(who.role, { method: 'POST', path, body });
  await place.ask(who.role, { method: 'POST', path, body: { ...body, outcome: 'missed', reason: 'Other phone' } });
}

/** A new personal code: the one before is refused, the new one opens. */
async function renewCode(place: Place, who: Someone): Promise<void> {
  const { code } = await place.call('coordinator')(routes.renewPersonalCode, {
    params: paramsOf(place, who),
    body: { commandId: place.commandId(), reason: 'Lost the letter' },
  });
  await join(place, who).catch(() => undefined);
  who.code = code;
  await join(place, who);
}

async function correct(place: Place, who: Someone): Promise<void> {
  const { id: submissionId, item } = who.lastSubmission ?? { id: 'none', item: 'none' };
  await place.call(who.role)(routes.correct, {
    params: paramsOf(place, who),
    body: { type: 'correct', commandId: place.commandId(), submissionId, item, value: 1, reason: 'A slip' },
  });
}

/** Requests that make no sense, each to a route of the person's own. */
async function nonsense(place: Place, who: Someone): Promise<void> {
  const params = paramsOf(place, who);
  const commandId = place.commandId();
  for (const [target, body] of [
    [routes.recordDose, { type: 'recordDose', commandId, occurrence: 'dose@999', outcome: 'taken' }],
    [routes.recordDose, { type: 'recordDose', commandId, occurrence: 'dose@1', outcome: 'swallowed' }],
    [
      routes.submit,
      { type: 'submit', commandId, occurrence: 'none@1', instrument: 'none', instrumentVersion: '1', answers: {} },
    ],
    [routes.submit, '{"type":'],
  ] as const) {
    await place.ask(who.role, { method: 'POST', path: urlOf(target, params), body });
  }
}

/** Somebody else's record, and one of another site. */
async function peek(place: Place, who: Someone): Promise<void> {
  const path = urlOf(routes.timeline, paramsOf(place, who));
  const neighbour = place.people[(who.index + 1) % place.people.length];
  for (const role of [siteBound, neighbour?.role ?? 'nobody', 'nobody']) await place.ask(role, { method: 'GET', path });
}

async function wrongPassword(place: Place): Promise<void> {
  const sign = (given: string) =>
    place.ask('nobody', { method: 'POST', path: '/v1/sessions', body: { login: loginOf('monitor'), password: given } });
  await sign('not the password');
  await sign(password);
}

export const acts = {
  invite,
  join,
  screen,
  consent: (place: Place, who: Someone) => consentTo(place, who, {}),
  consentToOldVersion: (place: Place, who: Someone) => consentTo(place, who, { version: '0.0.1' }),
  consentWithoutUnderstanding: (place: Place, who: Someone) => consentTo(place, who, { comprehension: {} }),
  confirm,
  randomise: (place: Place, who: Someone) => randomise(place, who),
  dispense: (place: Place, who: Someone) => dispenseKit(place, who, who.kit ?? 'none'),
  dispenseAnother: (place: Place, who: Someone) => dispenseKit(place, who, 'ABCDEFGH'),
  pack,
  openEnvelopes,
  diary,
  untilDose,
  mildEvent: reportAdverseEvent(1, false),
  severeEvent: reportAdverseEvent(3, false),
  seriousEvent: reportAdverseEvent(4, true),
  withdrawFromDosing: withdraw('dosing'),
  withdrawFromStudy: withdraw('study'),
  withdrawFromFutureUse: withdraw('futureUse'),
  secondDevice,
  renewCode,
  correct,
  nonsense,
  peek,
  wrongPassword,
  randomiseWithVaultDown: (place: Place, who: Someone) => randomiseUnder(place, who, 'vault down'),
  randomiseWithVaultSlow: (place: Place, who: Someone) => randomiseUnder(place, who, 'vault slow'),
  randomiseRefused: (place: Place, who: Someone) => randomiseUnder(place, who, 'vault refuses the caller'),
  randomiseOutOfKits: (place: Place, who: Someone) => randomiseUnder(place, who, 'vault out of kits'),
  randomiseUnanswered: (place: Place, who: Someone) => randomiseUnder(place, who, 'vault talks nonsense'),
  randomiseOnFullVault: (place: Place, who: Someone) => randomiseUnder(place, who, 'vault disk full'),
  randomiseOnFullDisk: (place: Place, who: Someone) => randomiseUnder(place, who, 'study disk full'),
  randomiseOnStoppedDatabase: (place: Place, who: Someone) => randomiseUnder(place, who, 'study database stops'),
  ...teamActs,
} as const satisfies Record<string, Perform>;

export type ActName = keyof typeof acts;
export const actNames = Object.keys(acts) as ActName[];

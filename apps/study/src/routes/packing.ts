/**
 * Packing one's own capsules. The plan, which token is for which week, is in the record before anybody is shown it; the
 * labels pass through here closed. Nobody is given both together: labels until the envelopes are closed, the plan after.
 */
import { type Actor, type Command, type ParticipantState, packingHelper, problem } from '@limen/conduct';
import { routes } from '@limen/contract';
import { readHelper, writeHelperCode } from '../data/packing.ts';
import { helperCodeFor } from '../record/ids.ts';
import { readRecords } from '../record/participants.ts';
import type { OpenStudy } from '../record/studies.ts';
import { VaultUnavailable } from '../release/vault.ts';
import { forAnyone, forParticipant } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf, refusalOf } from '../server/problem.ts';
import { protocolOf, type ScheduledItem } from './schedule.ts';
import { codeHashOf } from './sessions.ts';
import { openStudy } from './studies.ts';

type Whose = { readonly studyId: string; readonly participantId: string };

const planPacking = forParticipant(routes.planPacking, async ({ scope, body, house }) => {
  const { studyId, participantId, actor } = scope;
  const study = await openStudy(house, studyId);
  const requestId = `${participantId}:${body.commandId}`;
  const act = { study, participantId, actor, now: house.now() };
  const receipt = await house.writer.handle(act, body, () =>
    waiting(house.vault.planEnvelopes({ studyId, participantId, requestId })),
  );
  if (body.mode === 'helper') {
    const codeHash = codeHashOf(helperCodeFor(house.deriver, studyId, participantId));
    await writeHelperCode(house.database, { codeHash, studyId, participantId });
  }
  return receipt;
});

/** One neutral answer, whatever keeps the vault from it. */
async function waiting<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof VaultUnavailable ? problemOf('envelopes_waiting') : error;
  }
}

const envelopeLabels = forParticipant(routes.envelopeLabels, async ({ scope, body, house }) =>
  giveLabels(house, scope, scope.actor, body),
);

type Asked = { readonly commandId: string; readonly publicKey: string };

/** Recorded first, then shown; never once the envelopes are closed, not even to a request that is sent again. */
async function giveLabels(house: House, whose: Whose, actor: Actor, { commandId, publicKey }: Asked) {
  await record(house, whose, actor, { type: 'recordPacking', commandId, step: 'printed' });
  const { done } = await packingOf(house, whose);
  if (done.includes('shuffled')) {
    const { code, status, detail } = problem('packing_step_done');
    throw refusalOf(status, code, { detail });
  }
  const { studyId, participantId } = whose;
  const requestId = `${participantId}:${commandId}`;
  return waiting(house.vault.envelopeSheet({ studyId, participantId, requestId, publicKey }));
}

async function record(house: House, { studyId, participantId }: Whose, actor: Actor, command: Command): Promise<void> {
  const study = await openStudy(house, studyId);
  await house.writer.handle({ study, participantId, actor, now: house.now() }, command);
}

/** Whose capsules the code's holder packs. Wrong codes are counted like wrong sign-ins, and say nothing. */
async function whoseCode(house: House, code: string, ip: string): Promise<Whose> {
  if (house.signInsByAddress.blocked(ip)) throw problemOf('too_many_requests');
  const whose = await readHelper(house.database, codeHashOf(code));
  if (whose !== null) return whose;
  house.signInsByAddress.fail(ip);
  throw problemOf('sign_in_refused');
}

async function packingOf(house: House, { studyId, participantId }: Whose) {
  const [found] = await readRecords(house.database, studyId, [participantId]);
  const packing = found?.state.packing;
  if (packing === undefined) throw problemOf('sign_in_refused');
  return packing;
}

const openHelper = forAnyone(routes.packingHelper, async ({ body, house, request }) => {
  const whose = await whoseCode(house, body.code, request.ip);
  const [{ done }, study] = [await packingOf(house, whose), await openStudy(house, whose.studyId)];
  return { ...whose, studyTitle: study.protocol.title, done: [...done] };
});

const packingHelperLabels = forAnyone(routes.packingHelperLabels, async ({ body, house, request }) => {
  const whose = await whoseCode(house, body.code, request.ip);
  return giveLabels(house, whose, packingHelper, body);
});

const packingHelperStep = forAnyone(routes.packingHelperStep, async ({ body, house, request }) => {
  const { code, ...command } = body;
  const whose = await whoseCode(house, code, request.ip);
  await record(house, whose, packingHelper, command);
  return { done: [...(await packingOf(house, whose)).done] };
});

/** Packing as the participant's own phone is told of it. */
export function packingFor(
  house: House,
  study: OpenStudy,
  state: ParticipantState,
  now: string,
  schedule: readonly ScheduledItem[],
) {
  const selfPacked = protocolOf(study, state, now).randomisation.procedure.kind === 'selfBlindingWeeks';
  const { packing, participantId } = state;
  if (!selfPacked || packing === undefined) return { selfPacked, packing: null };
  const { mode, done, leftoversChecked } = packing;
  const closed = done.includes('shuffled');
  const wantsHelper = mode === 'helper' && !closed;
  return {
    selfPacked,
    packing: {
      mode,
      done: [...done],
      helperCode: wantsHelper ? helperCodeFor(house.deriver, study.studyId, participantId) : null,
      weeks: closed ? weeksOf(packing, schedule) : [],
      leftovers: closed ? [...packing.leftovers] : [],
      leftoversChecked,
    },
  };
}

function weeksOf({ weeks, opened }: NonNullable<ParticipantState['packing']>, schedule: readonly ScheduledItem[]) {
  const doses = schedule.filter(({ kind }) => kind === 'dose');
  const perWeek = Math.max(1, Math.round(doses.length / weeks.length));
  return weeks.map((envelope, index) => {
    const own = doses.slice(index * perWeek, (index + 1) * perWeek);
    const week = index + 1;
    return {
      week,
      envelope,
      from: own[0]?.date ?? '',
      until: own.at(-1)?.date ?? '',
      opened: opened.filter((one) => one.week === week).map((one) => one.envelope),
    };
  });
}

export const packingHandlers = {
  planPacking,
  envelopeLabels,
  packingHelper: openHelper,
  packingHelperLabels,
  packingHelperStep,
};

/** Everything that can be asked to happen to a participant: one way in for all of it. */
import type { Command } from '@limen/conduct';
import { type Route, routes } from '@limen/contract';
import type { ParticipantScope } from '../access/scope.ts';
import { listShipments, readMissingKit } from '../data/supply.ts';
import type { Receipt } from '../record/commit.ts';
import type { OpenStudy } from '../record/studies.ts';
import { VaultUnavailable } from '../release/vault.ts';
import { type Call, forParticipant, type Handler } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { openStudy } from './studies.ts';

async function act(house: House, scope: ParticipantScope, command: Command): Promise<Receipt> {
  const study = await openStudy(house, scope.studyId);
  const { participantId, actor } = scope;
  const kitUsable = command.type === 'dispense' ? await isUsable(house, study, command.kit) : true;
  const now = { study, participantId, actor, now: house.now(), kitUsable };
  const receipt = await house.writer.handle(now, command, kitFor(house, study, scope, command));
  // In the background: whether the pharmacy is there is nothing the caller waits for.
  if (inStock(study)) void house.post.exchange(study.studyId);
  return receipt;
}

const inStock = ({ protocol }: OpenStudy): boolean => protocol.supply?.kits === 'stock';

/** Not where the pharmacy said that the kit has expired or is kept back; a kit it said nothing of, it has just given. */
async function isUsable(house: House, study: OpenStudy, kit: string): Promise<boolean> {
  if (!inStock(study)) return true;
  const shipments = await listShipments(house.database, { studyId: study.studyId, siteId: null });
  const shipment = shipments.find(({ kits }) => kits.includes(kit));
  if (shipment === undefined) return true;
  return shipment.status === 'received' && shipment.expires >= house.now().slice(0, 10);
}

/** One neutral answer, whatever keeps the vault from naming a kit. */
function kitFor(house: House, study: OpenStudy, scope: ParticipantScope, command: Command) {
  if (command.type !== 'randomise' && command.type !== 'replaceKit') return undefined;
  const { participantId, siteId } = scope;
  const requestId = `${participantId}:${command.commandId}`;
  const request = { studyId: study.studyId, participantId, requestId, siteId: inStock(study) ? siteId : null };
  const stratum = study.protocol.randomisation.stratifyBy.includes('site') ? (siteId ?? 'all') : 'all';
  return async () => {
    try {
      if (command.type === 'randomise') return await house.vault.nextKit({ ...request, stratum });
      const reason = await readMissingKit(house.database, study.studyId, participantId);
      return await house.vault.replacementKit({ ...request, reason });
    } catch (error) {
      throw error instanceof VaultUnavailable ? problemOf('randomisation_waiting') : error;
    }
  };
}

function command<R extends Route>(route: R): Handler<R> {
  const run = ({ scope, body, house }: Call<R, ParticipantScope>) => act(house, scope, body as Command);
  return forParticipant(route, run as never);
}

export const commandHandlers = {
  screen: command(routes.screen),
  consent: command(routes.consent),
  confirmEligibility: command(routes.confirmEligibility),
  randomise: command(routes.randomise),
  dispense: command(routes.dispense),
  returnKit: command(routes.returnKit),
  reportKitLost: command(routes.reportKitLost),
  replaceKit: command(routes.replaceKit),
  reportUnblinding: command(routes.reportUnblinding),
  recordDose: command(routes.recordDose),
  recordWearableDays: command(routes.recordWearableDays),
  recordPacking: command(routes.recordPacking),
  openEnvelope: command(routes.openEnvelope),
  checkLeftovers: command(routes.checkLeftovers),
  declarePacker: command(routes.declarePacker),
  submit: command(routes.submit),
  reportAdverseEvent: command(routes.reportAdverseEvent),
  assessAdverseEvent: command(routes.assessAdverseEvent),
  hold: command(routes.hold),
  resume: command(routes.resume),
  withdraw: command(routes.withdraw),
  complete: command(routes.complete),
  correct: command(routes.correct),
};

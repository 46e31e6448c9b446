/** Everything that can be asked to happen to a participant: one way in for all of it. */
import type { Command } from '@limen/conduct';
import { type Route, routes } from '@limen/contract';
import type { ParticipantScope } from '../access/scope.ts';
import type { Receipt } from '../record/commit.ts';
import { VaultUnavailable } from '../release/vault.ts';
import { type Call, forParticipant, type Handler } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { openStudy } from './studies.ts';

async function act(house: House, scope: ParticipantScope, command: Command): Promise<Receipt> {
  const study = await openStudy(house, scope.studyId);
  const { participantId, actor, siteId } = scope;
  const kit = command.type === 'randomise' ? () => askForKit(house, study, participantId, siteId, command) : undefined;
  return house.writer.handle({ study, participantId, actor, now: house.now() }, command, kit);
}

/** One neutral answer, whatever keeps the vault from naming a kit. */
async function askForKit(
  house: House,
  study: Awaited<ReturnType<typeof openStudy>>,
  participantId: string,
  siteId: string | null,
  command: Command,
): Promise<string> {
  const bySite = study.protocol.randomisation.stratifyBy.includes('site');
  const stratum = bySite ? (siteId ?? 'all') : 'all';
  try {
    const requestId = `${participantId}:${command.commandId}`;
    return await house.vault.nextKit({ studyId: study.studyId, participantId, stratum, requestId });
  } catch (error) {
    throw error instanceof VaultUnavailable ? problemOf('randomisation_waiting') : error;
  }
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
  recordDose: command(routes.recordDose),
  submit: command(routes.submit),
  reportAdverseEvent: command(routes.reportAdverseEvent),
  assessAdverseEvent: command(routes.assessAdverseEvent),
  hold: command(routes.hold),
  resume: command(routes.resume),
  withdraw: command(routes.withdraw),
  complete: command(routes.complete),
  correct: command(routes.correct),
};

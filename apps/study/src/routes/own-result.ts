/**
 * What a participant's own capsules held: told after that person's last day and after the release, so that nobody of the
 * study can learn it earlier by asking them. It names days and contents; tokens, seeds and other people stay out.
 */
import type { ParticipantState } from '@limen/conduct';
import { routes } from '@limen/contract';
import type { ProtocolDocument } from '@limen/protocol';
import { z } from 'zod';
import { readRelease } from '../data/release.ts';
import { readRecords } from '../record/participants.ts';
import { forParticipant } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { protocolOf, type ScheduledItem, scheduleOf } from './schedule.ts';
import { openStudy } from './studies.ts';

const allocation = z.object({
  participantId: z.string(),
  contents: z.array(z.string()),
  envelopes: z.array(z.object({ token: z.string(), contents: z.array(z.string()) })).optional(),
});
const released = z.object({ allocations: z.array(z.looseObject({ participantId: z.string() })) });

export const ownResult = forParticipant(routes.ownResult, async ({ scope, house }) => {
  const { studyId, participantId } = scope;
  const study = await openStudy(house, studyId);
  const [found] = await readRecords(house.database, studyId, [participantId]);
  if (found === undefined) throw problemOf('unknown_participant');
  const { state } = found;
  const now = house.now();
  const protocol = protocolOf(study, state, now);
  if (protocol.randomisation.procedure.kind !== 'selfBlindingWeeks' || state.kit === null) return nothing('notOffered');
  const schedule = scheduleOf(house, study, state, now);
  if (!hasEnded(state, schedule, now)) return nothing('ownEnd');
  if (study.status !== 'released') return nothing('release');
  const release = await readRelease(house.database, studyId);
  const own = released.parse(release?.released).allocations.find((one) => one.participantId === participantId);
  if (own === undefined) return nothing('release');
  return { waitsFor: 'nothing' as const, capsules: capsulesOf(allocation.parse(own), state, schedule, protocol) };
});

const nothing = (waitsFor: 'ownEnd' | 'release' | 'notOffered') => ({ waitsFor, capsules: [] });

function hasEnded({ status }: ParticipantState, schedule: readonly ScheduledItem[], now: string): boolean {
  if (status === 'completed' || status === 'withdrawn') return true;
  return schedule.length > 0 && schedule.every(({ lateUntil }) => lateUntil < now);
}

/** Of the envelope that was opened for the week; where two were, nobody knows, and it says so. */
function capsulesOf(
  own: z.output<typeof allocation>,
  state: ParticipantState,
  schedule: readonly ScheduledItem[],
  protocol: ProtocolDocument,
) {
  const labels = new Map(protocol.interventions.map(({ id, label }) => [id, label]));
  const perWeek = own.envelopes?.[0]?.contents.length ?? own.contents.length;
  const doses = schedule.filter(({ kind }) => kind === 'dose');
  return doses.map(({ date, occurrence }, index) => {
    const week = Math.floor(index / perWeek) + 1;
    const opened = (state.packing?.opened ?? []).filter((one) => one.week === week);
    const held = own.envelopes?.find(({ token }) => token === opened[0]?.envelope)?.contents[index % perWeek];
    const id = opened.length > 1 ? undefined : (held ?? own.contents[index]);
    return { date, taken: state.doses[occurrence] === 'taken', label: labels.get(id ?? '') ?? 'Not known' };
  });
}

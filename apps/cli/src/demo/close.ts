/** The end of a study: everybody's record closed, adverse events assessed, data locked, two people release, one report. */
import { Refused, routes } from '@limen/contract';
import type { DemoClock } from './clock.ts';
import type { Enrolled } from './enrol.ts';
import type { Team } from './team.ts';

export type Closed = {
  readonly lockHash: string;
  readonly report: string;
  /** The report as PDF. */
  readonly reportPdf: Uint8Array;
  readonly results: Record<string, unknown>;
  readonly release: Record<string, unknown>;
};

export async function closeStudy(given: {
  studyId: string;
  team: Team;
  clock: DemoClock;
  enrolled: readonly Enrolled[];
  at: string;
  say: (line: string) => void;
}): Promise<Closed> {
  const { studyId, team } = given;
  const params = { studyId };
  await given.clock.set(given.at);
  for (const { participantId } of given.enrolled) {
    try {
      await team.coordinator.call(routes.complete, {
        params: { studyId, participantId },
        body: { type: 'complete', commandId: `complete-${participantId}`.padEnd(16, '0') },
      });
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.code !== 'participant_withdrawn') throw error;
    }
  }
  await assessAdverseEvents(studyId, team);
  given.say('Locking the data and releasing the allocation…');
  const { lockHash } = await team.investigator.call(routes.lockStudy, {
    params,
    body: { commandId: 'demo-lock-0000001', reason: 'Last follow-up reached; queries closed' },
  });
  for (const role of ['investigator', 'statistician'] as const) {
    await team[role].call(routes.approveRelease, {
      params,
      body: { commandId: `demo-release-${role}`, reason: 'Data locked; analysis plan unchanged since approval' },
    });
  }
  return {
    lockHash,
    report: await team.statistician.call(routes.report, { params }),
    reportPdf: await team.statistician.call(routes.reportPdf, { params }),
    results: await team.statistician.call(routes.results, { params }),
    release: await team.statistician.call(routes.releasedAllocations, { params }),
  };
}

async function assessAdverseEvents(studyId: string, team: Team): Promise<void> {
  let after: string | undefined;
  do {
    const page = await team.investigator.call(routes.adverseEvents, {
      params: { studyId },
      query: { limit: 200, ...(after ? { after } : {}) },
    });
    for (const event of page.adverseEvents) {
      if (event.relatedness !== null) continue;
      await team.investigator.call(routes.assessAdverseEvent, {
        params: { studyId, participantId: event.participantId },
        body: {
          type: 'assessAdverseEvent',
          commandId: `assess-${event.adverseEventId}`.padEnd(16, '0').slice(0, 64),
          adverseEventId: event.adverseEventId,
          grade: event.grade,
          serious: event.serious,
          relatedness: 'possible',
          outcome: 'resolved',
          reason: 'Reviewed at the end of follow-up',
        },
      });
    }
    after = page.next ?? undefined;
  } while (after);
}

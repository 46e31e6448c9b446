/** What a vault that is down stops, and what it does not: with the real servers, over HTTP. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { instrumentById, simulateAnswers } from '@limen/instruments';
import { admit, clientFor, type Enrolment, enrolOne, eveningOf, openEnrolment, type Subject } from './enrol.ts';
import { type Installation, openInstallation } from './installation.ts';

let installation: Installation;
let enrolment: Enrolment;
let subject: Subject;
let waiting: readonly string[];

/** Status and bytes of the answer to a request to randomise; by whatever command id. */
async function randomise(participantId: string, commandId: string): Promise<{ status: number; text: string }> {
  const { studyId, startDate } = enrolment;
  try {
    await enrolment.team.coordinator(routes.randomise, {
      params: { studyId, participantId },
      body: { type: 'randomise', commandId, startDate },
    });
    return { status: 200, text: '' };
  } catch (error) {
    const { problem } = error as { problem: { status: number } };
    return { status: problem.status, text: JSON.stringify(problem) };
  }
}

before(async () => {
  installation = await openInstallation();
  enrolment = await openEnrolment(installation);
  subject = await enrolOne(enrolment, 0);
  waiting = [await admit(enrolment, 1), await admit(enrolment, 2)].map(({ participantId }) => participantId);
  await installation.setClock(eveningOf(enrolment.startDate, 0));
  await installation.killVault();
});
after(() => installation.close());

describe('while the vault is down', () => {
  it('enrolment waits with one message, the same for everybody', async () => {
    const answers = await Promise.all(waiting.map((id) => randomise(id, `while-down-${id}`)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([503]));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.match(answers[0]?.text ?? '', /randomisation_waiting/);
    assert.doesNotMatch(answers[0]?.text ?? '', /vault|arm|kit|ECONN/i);
  });

  it('a diary is taken, and so is a report of harm', async () => {
    const call = clientFor(installation, subject.token);
    const params = { studyId: enrolment.studyId, participantId: subject.participantId };
    const [due] = subject.checkIns;
    assert.ok(due);
    const random = { uniform: () => 0, normal: (mean: number) => mean };
    const answers = simulateAnswers(instrumentById(due.instrument), { random, severity: 0, skip: 1 });
    const diary = { type: 'submit', commandId: 'diary-while-down', ...due, answers } as const;
    assert.equal((await call(routes.submit, { params, body: diary as never })).accepted, true);
    const harm = { term: 'Headache', onset: enrolment.startDate, ongoing: false, grade: 1, serious: false } as const;
    const report = { type: 'reportAdverseEvent', commandId: 'harm-while-down-1', ...harm } as const;
    assert.equal((await call(routes.reportAdverseEvent, { params, body: report })).accepted, true);
    assert.equal((await call(routes.today, { params })).status, 'randomised');
  });

  it('and when it is back, the same request is answered', async () => {
    await installation.startVault();
    for (const id of waiting) assert.deepEqual(await randomise(id, `while-down-${id}`), { status: 200, text: '' });
  });
});

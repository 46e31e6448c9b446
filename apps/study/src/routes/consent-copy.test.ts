/** The paper a person keeps of what they signed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import {
  inviteSubject,
  refusalOf,
  type Subject,
  screenAndConsent,
  startTestHouse,
  type TestHouse,
} from '../test-house.ts';

describe('the copy of a signed consent', () => {
  let house: TestHouse;
  let subject: Subject;
  const copyFor = (by: Pick<Subject, 'call'>) => by.call(routes.consentCopy, { params: subject.params });

  before(async () => {
    house = await startTestHouse();
    subject = await inviteSubject(house);
  });
  after(() => house?.close());

  it('is not there before the signature', async () => {
    assert.equal((await refusalOf(copyFor(subject))).code, 'no_consent_yet');
  });

  it('is a PDF, the same whenever and by whomever it is fetched', async () => {
    await screenAndConsent(house, subject);
    const [own, again, team] = [await copyFor(subject), await copyFor(subject), await copyFor(house.staff.coordinator)];
    assert.equal(Buffer.from(own).subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual(own, again);
    assert.deepEqual(own, team);
  });

  it('bears a name, and is therefore for the person and the site that knows them, and for nobody else', async () => {
    const other = await inviteSubject(house);
    assert.equal((await refusalOf(copyFor(other))).code, 'unknown_participant');
    assert.equal((await refusalOf(copyFor(house.staff.monitor))).code, 'forbidden');
    assert.equal((await refusalOf(copyFor(house.staff.pharmacist))).code, 'forbidden');
  });
});

/** The daily check-in without a finger or a pointer: keys alone, and what a screen reader is given to say on the way. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { admit, buildCompanion, type Clinic, enter, openClinic, openPhone, recordOf } from './clinic.test-program.ts';

type Spoken = { readonly role: string; readonly name: string; readonly value: string; readonly pressed: string };

const mostStops = 150;
/** Of the choices, those this person makes. */
const chosen = [/^7 h$/, /^None of all these/, /^2 cups$/, /^No alcohol/];

describe('a check-in by the keyboard', { timeout: 180_000 }, () => {
  let clinic: Clinic;
  let folder: string;
  let browser: Browser;
  let page: Page;
  let participantId: string;
  let cdp: CDPSession;

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
    const person = await enter(clinic);
    ({ participantId } = person);
    await admit(clinic, participantId, '2026-03-02');
    clinic.clock.now = Date.parse('2026-03-09T16:30:00Z');
    ({ browser, page } = await openPhone(clinic));
    page.setDefaultTimeout(15_000);
    await page.goto(`${clinic.address}/app/#/join?code=${person.code}`);
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    cdp = await page.context().newCDPSession(page);
    await cdp.send('Accessibility.enable');
    await tabTo('button', /^Continue$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** What the browser gives a screen reader of the element in focus. */
  const spoken = async (): Promise<Spoken> => {
    const { result } = await cdp.send('Runtime.evaluate', { expression: 'document.activeElement' });
    const { nodes } = await cdp.send('Accessibility.getPartialAXTree', {
      objectId: result.objectId ?? '',
      fetchRelatives: false,
    });
    const [node] = nodes;
    const property = (name: string) => node?.properties?.find((one) => one.name === name)?.value.value ?? '';
    return {
      role: String(node?.role?.value ?? ''),
      name: String(node?.name?.value ?? ''),
      // The protocol of the browser leaves this out; a screen reader says it in place of the number.
      value: await page.evaluate(() => document.activeElement?.getAttribute('aria-valuetext') ?? ''),
      pressed: String(property('pressed')),
    };
  };
  const tab = async () => {
    await page.keyboard.press('Tab');
    return spoken();
  };
  const tabTo = async (role: string, name: RegExp) => {
    for (let stop = 0; stop < mostStops; stop += 1) {
      const at = await tab();
      if (at.role === role && name.test(at.name)) return;
    }
    assert.fail(`the keyboard did not come to the ${role} ${name}`);
  };

  it('is found, filled and saved; every stop has a name, and every answer is said back', async () => {
    await tabTo('link', /Daily check-in/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Daily check-in' }).waitFor();
    const ratings: string[] = [];
    const made: string[] = [];
    for (let stop = 0; ; stop += 1) {
      assert.ok(stop < mostStops, 'Save was not reached');
      const at = await tab();
      assert.notEqual(at.name, '', `a stop without a name: ${JSON.stringify(at)}`);
      if (at.role === 'button' && at.name === 'Save') break;
      if (at.role === 'slider') {
        assert.equal(at.value, 'Not answered yet');
        await page.keyboard.press('ArrowRight');
        assert.equal((await spoken()).value, '51 of 100');
        ratings.push(at.name);
      }
      if (chosen.some((one) => one.test(at.name))) {
        await page.keyboard.press('Space');
        assert.equal((await spoken()).pressed, 'true', at.name);
        made.push(at.name);
      }
    }
    assert.equal(made.length, chosen.length, made.join());
    assert.ok(ratings.length >= 7, ratings.join());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    // The focus is on the new screen, not on what is gone.
    assert.equal((await spoken()).role, 'heading');
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const record = await recordOf(clinic, participantId);
    const entries = record.filter(({ type }) => type === 'answers.submitted');
    assert.equal(entries.length, 1);
    const answers = Object.values(entries[0]?.data.answers as Record<string, unknown>);
    assert.equal(answers.filter((answer) => answer === 51).length, ratings.length);
  });
});

/** Every screen of the app, in two languages and both themes, judged in a real browser; and the pictures of the documentation. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { buildCompanion, complaintsOf } from './clinic.test-program.ts';
import { picturesFolder, walkTheApp } from './gallery.test-program.ts';

describe('every screen', { timeout: 900_000 }, () => {
  let app: string;
  const seen = new Set<string>();

  before(async () => {
    app = await buildCompanion();
  });
  after(() => rmSync(app, { recursive: true, force: true }));

  for (const locale of ['en-GB', 'de-DE']) {
    it(`has no accessibility fault and fits a phone, by day and by night: ${locale}`, async () => {
      const faults: string[] = [];
      await walkTheApp(app, locale, async (name, page) => {
        seen.add(name);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const complaints = await complaintsOf(page);
          if (complaints !== '') faults.push(`${name}, ${colorScheme}: ${complaints}`);
        }
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) faults.push(`${name} is ${over} px wider than the phone`);
      });
      assert.deepEqual(faults, []);
    });
  }

  it('has its picture in the documentation, and no picture is of a screen that is gone', () => {
    const pictures = readdirSync(picturesFolder).map((file) => file.replace(/\.png$/, ''));
    assert.deepEqual(pictures.sort(), [...seen].sort());
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    assert.deepEqual(
      pictures.filter((name) => !readme.includes(`docs/images/companion/${name}.png`)),
      [],
    );
  });
});

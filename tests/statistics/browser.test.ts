/**
 * The statistics library in a real browser: random numbers are the same to the bit, results to a part in 10¹²: exponentials and logarithms
 * are the engine's own.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as statistics from '@limen/statistics';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** Runs on both sides, so it names nothing beside its argument. */
function compute(s: typeof statistics): unknown {
  const random = s.philox('browser');
  const data = {
    y: [] as number[],
    arm: [] as string[],
    visit: [] as string[],
    person: [] as string[],
    day: [] as number[],
  };
  for (let i = 0; i < 60; i += 1) {
    const level = random.normal(0, 2);
    for (let visit = 1; visit <= 4; visit += 1) {
      if (visit > 2 && random.bernoulli(0.2)) continue;
      data.y.push(20 + level + visit + (i % 2) + random.normal(0, 1));
      data.arm.push(i % 2 === 0 ? 'placebo' : 'active');
      data.visit.push(`v${visit}`);
      data.day.push(visit);
      data.person.push(`P${i}`);
    }
  }
  const mixed = s.fitLinearMixedModel({ formula: 'y ~ arm * day + (1 + day | person)', data });
  const mmrm = s.fitMmrm({ formula: 'y ~ arm * visit', data, subject: 'person', visit: 'visit' });
  const binary = { ...data, y: data.y.map((y) => (y > 23 ? 1 : 0)) };
  const logistic = s.fitGeneralisedModel({ formula: 'y ~ arm + day + (1 | person)', data: binary, family: 'binomial' });
  return {
    random: Array.from({ length: 50 }, () => random.normal(0, 1)),
    mixed: { terms: mixed.terms, variance: mixed.varianceComponents, logLikelihood: mixed.logLikelihood },
    mmrm: { terms: mmrm.terms(), logLikelihood: mmrm.logLikelihood },
    logistic: { terms: logistic.terms, logLikelihood: logistic.logLikelihood },
    tails: [s.tTwoSided(9, 14.2), s.normalQuantile(1e-12), s.fUpper(30, 3, 18.5), s.betaQuantile(0.01, 2, 7)],
    looks: s.sequentialBoundaries({
      spending: { kind: 'hwang-shih-decani', gamma: -4 },
      alpha: 0.025,
      sides: 1,
      fractions: [0.5, 1],
    }),
  };
}

/** Largest relative difference of any number in two documents of one shape. */
function apart(one: unknown, other: unknown, at = ''): number {
  if (typeof one === 'number' && typeof other === 'number') {
    return one === other ? 0 : Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other));
  }
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) {
    assert.equal(one, other, at);
    return 0;
  }
  assert.deepEqual(Object.keys(one), Object.keys(other), at);
  return Math.max(
    0,
    ...Object.entries(one).map(([key, value]) => apart(value, (other as Record<string, unknown>)[key], `${at}.${key}`)),
  );
}

describe('the statistics library in Chromium', () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  it('gives the numbers that it gives in Node', async () => {
    const vite = createRequire(join(root, 'apps', 'companion', 'package.json')).resolve('vite');
    const { build } = await import(pathToFileURL(vite).href);
    const built = await build({
      ...{ configFile: false, logLevel: 'silent', root: join(root, 'packages', 'statistics') },
      build: {
        write: false,
        lib: { entry: join(root, 'packages', 'statistics', 'src', 'index.ts'), formats: ['iife'], name: 'statistics' },
      },
    });
    const { code } = built[0].output[0];
    assert.doesNotMatch(code, /\brequire\(|node:/);
    const page = await browser.newPage();
    await page.addScriptTag({ content: code });
    const there = await page.evaluate(`JSON.stringify((${compute})(statistics))`);
    const here = JSON.parse(JSON.stringify(compute(statistics)));
    const found = JSON.parse(there as string);
    assert.deepEqual(found.random, here.random);
    const worst = apart(here, found);
    assert.ok(worst < 1e-12, `${worst}`);
    await page.close();
  });
});

/** The forecast against R's beta and negative binomial distributions (R 4.x, qbeta, qnbinom and pnbinom). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrivalQuantile, arrivalsWithin, chanceWithin, forecastSite } from './forecast.ts';

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected}`);

/** 18 people in 120 days. */
const enrolment = { arrivals: 18, days: 120 };

describe('the next arrivals at a site', () => {
  it('come when T·B/(1 - B) says, B from Beta(k, n + 1/2)', () => {
    const golden: [number, number, number, number][] = [
      [1, 0.6853693536, 4.58138012, 15.9049578183],
      [5, 15.17281809, 30.85398604, 57.61283624],
      [12, 47.2177256, 77.07159039, 123.72754168],
      [30, 134.4856937, 195.9550951, 288.8539863],
    ];
    for (const [k, lower, median, upper] of golden) {
      near(arrivalQuantile(enrolment, k, 0.1), lower, 0.001);
      near(arrivalQuantile(enrolment, k, 0.5), median, 0.001);
      near(arrivalQuantile(enrolment, k, 0.9), upper, 0.001);
    }
  });

  it('are negative binomial in number', () => {
    for (const [days, most, upToTwo] of [
      [7, 3, 0.899544475304],
      [14, 4, 0.636449347928],
      [28, 7, 0.226290621227],
    ] as const) {
      assert.equal(arrivalsWithin(enrolment, days, 0.9), most);
      near(1 - chanceWithin(enrolment, 3, days), upToTwo, 1e-10);
    }
    assert.equal(arrivalsWithin({ arrivals: 0, days: 30 }, 14, 0.9), 1, 'nobody came yet');
  });
});

describe('a forecast', () => {
  it('asks for a shipment when the stock may not outlast its way', () => {
    assert.equal(forecastSite(enrolment, 4, 14).send, true);
    assert.equal(forecastSite(enrolment, 5, 14).send, false);
    const none = forecastSite(enrolment, 0, 14);
    assert.deepEqual([none.days, none.send], [null, true]);
  });
});

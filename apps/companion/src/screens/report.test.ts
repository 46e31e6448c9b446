import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { htmlOf } from './consent-file.ts';
import { reportFrom } from './report.ts';

const answers = {
  term: 'headache',
  onset: '2026-03-09',
  ongoing: 'yes',
  limits: 2,
  serious: ['none'],
  action: ['rest'],
};

describe('a report of something unwanted', () => {
  it('what it stopped the person doing is the grade', () => {
    const report = reportFrom(answers);
    assert.deepEqual([report.grade, report.serious, report.ongoing], [2, false, true]);
    assert.equal(report.note, 'What was done: Rested.');
  });

  it('danger to life is grade 4 and serious, whatever else was ticked', () => {
    const report = reportFrom({ ...answers, limits: 1, serious: ['lifeThreatening'] });
    assert.deepEqual([report.grade, report.serious], [4, true]);
    assert.match(report.note ?? '', /Serious because: My life was in danger/);
  });
});

describe('the copy of a consent form', () => {
  it('carries no markup from its words', () => {
    const form = { version: '1.0', title: 'A <b> & "c"', sections: [], comprehension: [], choices: [] };
    const signed = { form, choices: {}, signature: '<script>', signedAt: '2026-03-02T08:00:00.000Z' };
    const html = htmlOf(form, signed);
    assert.match(html, /A &lt;b&gt; &amp; &quot;c&quot;/);
    assert.match(html, /Signed: &lt;script&gt;, 2026-03-02/);
    assert.doesNotMatch(html, /<script>/);
  });
});

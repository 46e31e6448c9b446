import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileCalendar, parseProtocol } from '@limen/protocol';
import { allocate, commitment, envelopesOf } from '@limen/randomization';
import { endpointRows, peopleOf } from './endpoint-rows.ts';
import {
  analyseStudy,
  datasetsOf,
  deriveTables,
  joinAllocations,
  type RecordedEvent,
  readRelease,
  type StudyInput,
} from './index.ts';

const parsed = parseProtocol(
  readFileSync(new URL('../../../protocols/self-blinding-2021.json', import.meta.url), 'utf8'),
);
assert.ok(parsed.ok);
const { protocol } = parsed;
const startDate = '2026-03-02';
const timeZone = 'Europe/Berlin';
const calendar = compileCalendar(protocol, { startDate, timeZone });
const seed = new Uint8Array(32).fill(0x2a);
const design = {
  seed,
  studyId: protocol.id,
  arms: protocol.arms.map(({ id, weight }) => ({ id: id.toUpperCase(), weight })),
  procedure: protocol.randomisation.procedure,
};
const protocolHash = 'ab'.repeat(32);
const tokenOf = (step: number, slot: number) => String(step * 8 + slot).padStart(26, '0');

type Opening = { week: number; slot: number; flags?: string[]; day?: number; foreign?: true };

/** Who opened what: the slots 0 to 3 are for weeks 1 to 4. */
const asPlanned: Opening[] = [0, 1, 2, 3].map((slot) => ({ week: slot + 1, slot }));
const people: Opening[][] = [
  asPlanned,
  asPlanned,
  // Weeks 1 and 2 swapped.
  [
    { week: 1, slot: 1, flags: ['otherWeek'] },
    { week: 2, slot: 0, flags: ['otherWeek'] },
    { week: 3, slot: 2 },
    { week: 4, slot: 3 },
  ],
  // A leftover in week 3.
  [...asPlanned.slice(0, 2), { week: 3, slot: 6, flags: ['leftover'] }, { week: 4, slot: 3 }],
  // A second envelope on the Wednesday of week 2.
  [...asPlanned, { week: 2, slot: 5, flags: ['leftover', 'secondInWeek'], day: 17 }],
  // Another person's envelope in week 4.
  [...asPlanned.slice(0, 3), { week: 4, slot: 0, foreign: true }],
];

function at(studyDay: number, time: string): string {
  const date = Temporal.PlainDate.from(startDate).add({ days: studyDay - 1 });
  return new Date(date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds).toISOString();
}

function eventsOf(step: number, openings: readonly Opening[]): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  const add = (recordedAt: string, type: string, data: object) =>
    events.push({ seq: events.length + 1, eventId: `${step}-${events.length}`, type, recordedAt, data });
  add(at(1, '06:00'), 'participant.invited', { siteId: 'main', timeZone });
  add(at(1, '06:01'), 'participant.randomised', { kit: `K${step}`, startDate, protocolVersion: protocol.version });
  const tokens = Array.from({ length: 8 }, (_, slot) => tokenOf(step, slot));
  add(at(1, '06:02'), 'packing.planned', { mode: 'self', weeks: tokens.slice(0, 4), leftovers: tokens.slice(4) });
  for (const { week, slot, flags = [], day, foreign } of openings) {
    const openedAt = at(day ?? 8 + 7 * (week - 1), '07:00');
    const envelope = foreign ? '7'.repeat(26) : tokenOf(step, slot);
    if (foreign)
      add(openedAt, 'entry.kept', {
        commandId: 'c',
        command: 'openEnvelope',
        code: 'envelope_unknown',
        content: { week, envelope },
      });
    else add(openedAt, 'envelope.opened', { envelope, week, plannedWeek: null, flags, openedAt });
  }
  for (const { id: occurrence, kind, activityId, opensAt } of calendar.occurrences) {
    if (kind === 'dose') add(opensAt, 'dose.taken', { occurrence, takenAt: opensAt, timing: 'onTime' });
    const instrument = protocol.activities.find(({ id }) => id === activityId)?.instrument ?? '';
    const scores = { mood: 40 + ((step * 7 + events.length) % 23), depression: step };
    const submission = { submissionId: `${step}-${occurrence}`, occurrence, activity: activityId, instrument };
    if (['acute', 'post-acute', 'dass-week-5'].includes(activityId)) {
      add(opensAt, 'answers.submitted', {
        ...submission,
        instrumentVersion: '1',
        answers: {},
        scores,
        flags: [],
        timing: 'onTime',
      });
    }
  }
  if (step === 1) add(at(60, '12:00'), 'leftovers.checked', { sealCode: 'A', intact: true, matches: false });
  return events.map((event, index) => ({ ...event, seq: index + 1 }));
}

type Released = Record<string, unknown> & { allocations: { envelopes: { contents: string[] }[] }[] };

function study(): StudyInput & { release: Released } {
  const words = { MD: 'micro-dose', PL: 'placebo' } as const;
  const allocations = people.map((_, step) => {
    const participantId = `P${step}`;
    const { arm, sequence = [] } = allocate({ ...design, stratum: 'all', step });
    const envelopes = envelopesOf(sequence, { seed, studyId: protocol.id, participantId }).map((one) => ({
      token: tokenOf(step, one.slot),
      week: one.week,
      contents: one.contents.map((content) => words[content]),
    }));
    const contents = envelopes.slice(0, 4).flatMap((one) => one.contents);
    return { participantId, stratum: 'all', step, arm, contents, sequence, envelopes };
  });
  const released = {
    commitment: commitment({ protocolHash, ...design }),
    procedure: design.procedure,
    arms: design.arms,
  };
  return {
    protocol,
    protocolHash,
    participants: people.map((openings, step) => ({
      participantId: `P${step}`,
      siteId: 'main',
      events: eventsOf(step, openings),
    })),
    release: { seed: '2a'.repeat(32), ...released, allocations },
    lock: { hash: 'cd'.repeat(32), at: '2026-06-02T10:00:00.000Z' },
  };
}

const input = study();
const joined = joinAllocations(deriveTables(input), readRelease(input.release), protocol);
const who = peopleOf(joined);
const endpointOf = (contrast: string) => {
  const endpoint = protocol.analysis.endpoints.find((one) => one.contrast === contrast);
  assert.ok(endpoint);
  return endpoint;
};
const rowsOf = (contrast: string) => endpointRows(protocol, endpointOf(contrast), joined, who);
const given = (step: number) => {
  const one = joined.given.get(`P${step}`);
  assert.ok(one);
  return one;
};
const plannedContents = (step: number) => readRelease(input.release).allocations[step]?.contents ?? [];
const contentsOf = (step: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => given(step).contentOf(from + index + 1));

test('who opened the envelopes as planned took what was drawn', () => {
  assert.deepEqual(contentsOf(0, 0, 16), plannedContents(0));
  assert.ok(given(0).asPlanned && given(1).asPlanned);
});

test('swapped weeks count for what they held, in the capsule models, and the person is in no contrast of arms', () => {
  const planned = plannedContents(2);
  assert.deepEqual(contentsOf(2, 0, 8), [...planned.slice(4, 8), ...planned.slice(0, 4)]);
  assert.deepEqual(contentsOf(2, 8, 16), planned.slice(8));
  assert.equal(given(2).asPlanned, false);
  const { rows, leftOut } = rowsOf('arm');
  assert.deepEqual([...new Set(rows.map(({ participant }) => participant))], ['P0', 'P1']);
  assert.deepEqual(leftOut, [{ reason: 'other envelopes were opened than planned', rows: 4 }]);
});

test('a leftover that was opened counts for what it held', () => {
  const leftover = input.release.allocations[3]?.envelopes[6]?.contents ?? [];
  assert.deepEqual(contentsOf(3, 8, 12), leftover);
});

test('after a second envelope in a week nobody knows; what was taken before it is known', () => {
  const known = Array.from({ length: 16 }, (_, index) => given(4).isKnown(index + 1));
  assert.deepEqual(known, [...Array(6).fill(true), false, false, ...Array(8).fill(true)]);
  const acute = rowsOf('capsule');
  assert.deepEqual(acute.leftOut, [{ reason: 'it is not known which envelope the capsule came from', rows: 2 }]);
});

test('nothing is known of another person’s envelope', () => {
  assert.deepEqual([given(5).isKnown(12), given(5).isKnown(13), given(5).asPlanned], [true, false, false]);
});

test('every person is in the capsule models, flagged or not', () => {
  assert.equal(new Set(rowsOf('capsule').rows.map(({ participant }) => participant)).size, people.length);
});

test('the report counts what was flagged, the data have a set of their own, and the seed draws the envelopes again', () => {
  const { results, html } = analyseStudy(input);
  assert.deepEqual(results.study?.envelopes, {
    packed: 6,
    opened: 25,
    flagged: [
      { flag: 'leftover', openings: 2 },
      { flag: 'otherPerson', openings: 1 },
      { flag: 'otherWeek', openings: 2 },
      { flag: 'secondInWeek', openings: 1 },
    ],
    otherThanPlanned: 4,
    sealsChecked: 1,
    sealsBroken: 1,
  });
  assert.match(html, /Envelopes packed by the participants/);
  assert.ok(datasetsOf(deriveTables(input)).some(({ name, rows }) => name === 'ADENV' && rows.length === 25));
  assert.equal(results.study?.randomisation.verified, true, results.study?.randomisation.finding);
});

test('an envelope released with other contents than the seed puts into it is named', () => {
  const tampered = study();
  const [, person] = tampered.release.allocations;
  const leftover = person?.envelopes.slice(4) ?? [];
  const [one, other] = [leftover[0], leftover.find(({ contents }) => contents.join() !== leftover[0]?.contents.join())];
  assert.ok(one && other);
  [one.contents, other.contents] = [other.contents, one.contents];
  const { results } = analyseStudy(tampered);
  assert.equal(results.study?.randomisation.verified, false);
  assert.match(results.study?.randomisation.finding ?? '', /envelopes released for P1/);
});

test('a record without envelopes is analysed as before', () => {
  const handedOver = {
    ...input,
    participants: input.participants.map((one) => ({
      ...one,
      events: one.events.filter(({ type }) => !/^(packing|envelope|leftovers)/.test(type)),
    })),
  };
  const tables = deriveTables(handedOver);
  assert.deepEqual([tables.envelopes.length, tables.packing.length], [1, 0]);
  assert.ok(!datasetsOf(tables).some(({ name }) => name === 'ADENV'));
  assert.equal('envelopes' in (analyseStudy(handedOver).results.study ?? {}), false);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { exportReader, type ReadExport, WearableError } from './index.ts';

type Sample = { type: string; start: string; end?: string; value: string | number; source?: string; unit?: string };

const record = ({ type, start, end = start, value, source = 'Watch', unit = 'count' }: Sample) =>
  `<Record type="${type}" sourceName="${source}" unit="${unit}" startDate="${start}" endDate="${end}" value="${value}"/>`;
const steps = (start: string, end: string, value: string | number, source = 'Watch') =>
  record({ type: 'HKQuantityTypeIdentifierStepCount', start, end, value, source });
const sleep = (start: string, end: string, stage = 'AsleepCore') =>
  record({ type: 'HKCategoryTypeIdentifierSleepAnalysis', start, end, value: `HKCategoryValueSleepAnalysis${stage}` });
const file = (...records: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE HealthData [<!ELEMENT HealthData (Record*)>]><HealthData locale="de_DE">${records.join('\n')}</HealthData>`;

function read(content: string | Uint8Array, pieceBytes = 7): ReadExport {
  const bytes = typeof content === 'string' ? strToU8(content) : content;
  const reader = exportReader();
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  return reader.end();
}

function faultOf(content: string | Uint8Array, pieceBytes = 64): string {
  try {
    read(content, pieceBytes);
  } catch (error) {
    if (error instanceof WearableError) return error.code;
    throw error;
  }
  return 'none';
}

const walk = steps('2026-03-02 09:00:00 +0100', '2026-03-02 09:10:00 +0100', 900);

describe('an export of Apple Health', () => {
  it('becomes days, in pieces of any size, packed or not', () => {
    const xml = file(
      walk,
      record({
        type: 'HKQuantityTypeIdentifierHeartRate',
        start: '2026-03-02 09:00:00 +0100',
        value: 60,
        unit: 'count/min',
      }),
      record({
        type: 'HKQuantityTypeIdentifierHeartRate',
        start: '2026-03-02 10:00:00 +0100',
        value: 71,
        unit: 'count/min',
      }),
      record({
        type: 'HKQuantityTypeIdentifierHeartRateVariabilitySDNN',
        start: '2026-03-02 07:00:00 +0100',
        value: 44,
        unit: 'ms',
      }),
      record({
        type: 'HKQuantityTypeIdentifierTimeInDaylight',
        start: '2026-03-02 12:00:00 +0100',
        value: 35,
        unit: 'min',
      }),
      record({ type: 'HKQuantityTypeIdentifierBodyMass', start: '2026-03-02 12:00:00 +0100', value: 70, unit: 'kg' }),
    );
    const day = { date: '2026-03-02', steps: 900, heartRate: 65.5, hrvSdnnMs: 44, daylightMinutes: 35 };
    assert.deepEqual(read(xml, 1), { source: 'appleHealth', days: [day] });
    const archive = zipSync({
      'apple_health_export/export_cda.xml': strToU8('<ClinicalDocument/>'),
      'apple_health_export/export.xml': strToU8(xml),
    });
    for (const pieceBytes of [1, 100, 1e6]) assert.deepEqual(read(archive, pieceBytes).days, [day]);
  });

  it('counts the steps of two devices once, and repeated samples once', () => {
    const phone = steps('2026-03-02 09:00:00 +0100', '2026-03-02 09:12:00 +0100', 870, 'Phone');
    assert.equal(read(file(walk, phone, walk)).days[0]?.steps, 900);
  });

  it('counts overlapping sleep once, leaves time in bed out, and gives a night to the day it ended on', () => {
    const days = read(
      file(
        sleep('2026-03-01 22:00:00 +0100', '2026-03-02 07:00:00 +0100', 'InBed'),
        sleep('2026-03-01 23:00:00 +0100', '2026-03-02 03:00:00 +0100'),
        sleep('2026-03-02 02:00:00 +0100', '2026-03-02 06:00:00 +0100', 'AsleepREM'),
        sleep('2026-03-02 02:30:00 +0100', '2026-03-02 03:30:00 +0100', 'AsleepDeep'),
        sleep('2026-03-02 21:00:00 +0100', '2026-03-02 23:30:00 +0100'),
      ),
    ).days;
    assert.deepEqual(days, [
      { date: '2026-03-03', sleepMinutes: 150 },
      { date: '2026-03-02', sleepMinutes: 420 },
    ]);
  });

  it('measures the nights in which the clocks change by the time that passed', () => {
    const spring = sleep('2026-03-28 23:00:00 +0100', '2026-03-29 07:00:00 +0200');
    const autumn = sleep('2026-10-24 23:00:00 +0200', '2026-10-25 07:00:00 +0100');
    const minutes = read(file(spring, autumn)).days.map(({ date, sleepMinutes }) => [date, sleepMinutes]);
    assert.deepEqual(minutes, [
      ['2026-10-25', 540],
      ['2026-03-29', 420],
    ]);
  });

  it('is read in other regions: twelve hours, decimal comma, other digits', () => {
    const twelve = steps('2026-03-02 9:00:00\u202fPM +0100', '2026-03-02 9:10:00\u202fPM +0100', '1200,4');
    const arabic = steps('٢٠٢٦-٠٣-٠٣ ٠٩:٠٠:٠٠ +0100', '٢٠٢٦-٠٣-٠٣ ٠٩:١٠:٠٠ +0100', '٥٠٠');
    assert.deepEqual(
      read(file(twelve, arabic)).days.map(({ date, steps: count }) => [date, count]),
      [
        ['2026-03-03', 500],
        ['2026-03-02', 1200],
      ],
    );
  });

  it('leaves out what no body does', () => {
    const heart = (value: number) =>
      record({ type: 'HKQuantityTypeIdentifierHeartRate', start: '2026-03-02 09:00:00 +0100', value });
    const backwards = sleep('2026-03-02 07:00:00 +0100', '2026-03-01 23:00:00 +0100');
    assert.deepEqual(read(file(heart(900), heart(-3), backwards, walk)).days, [{ date: '2026-03-02', steps: 900 }]);
  });
});

describe('records in JSON', () => {
  const metadata = { dataOrigin: { packageName: 'watch' } };
  const at = { startZoneOffset: '+01:00', endZoneOffset: '+01:00', metadata };

  it('of Health Connect become days, with RMSSD under its own name', () => {
    const found = read(
      JSON.stringify({
        StepsRecord: [{ startTime: '2026-03-02T23:30:00Z', endTime: '2026-03-02T23:40:00Z', count: 300, ...at }],
        SleepSessionRecord: [
          {
            ...{ startTime: '2026-03-01T22:00:00Z', endTime: '2026-03-02T06:00:00Z', ...at },
            stages: [
              { startTime: '2026-03-01T22:00:00Z', endTime: '2026-03-02T02:00:00Z', stage: 4 },
              { startTime: '2026-03-02T02:00:00Z', endTime: '2026-03-02T03:00:00Z', stage: 1 },
              { startTime: '2026-03-02T03:00:00Z', endTime: '2026-03-02T06:00:00Z', stage: 5 },
            ],
          },
        ],
        HeartRateVariabilityRmssdRecord: [
          { time: '2026-03-02T05:00:00Z', zoneOffset: '+01:00', heartRateVariabilityMillis: 38 },
        ],
      }),
    );
    assert.deepEqual(found, {
      source: 'healthConnect',
      days: [
        { date: '2026-03-03', steps: 300 },
        { date: '2026-03-02', sleepMinutes: 420, hrvRmssdMs: 38 },
      ],
    });
  });

  it('of Open mHealth become days, one document or one point a line', () => {
    const point = (name: string, body: object) => ({
      header: {
        schema_id: { namespace: 'omh', name, version: '2.0' },
        acquisition_provenance: { source_name: 'watch' },
      },
      body,
    });
    const span = (start: string, end: string) => ({
      effective_time_frame: { time_interval: { start_date_time: start, end_date_time: end } },
    });
    const points = [
      point('step-count', { step_count: 700, ...span('2026-03-02T09:00:00+01:00', '2026-03-02T09:10:00+01:00') }),
      point('heart-rate', {
        heart_rate: { value: 62, unit: 'beats/min' },
        effective_time_frame: { date_time: '2026-03-02T09:00:00+01:00' },
      }),
      point('sleep-episode', span('2026-03-01T23:00:00+01:00', '2026-03-02T06:00:00+01:00')),
    ];
    const days = [{ date: '2026-03-02', sleepMinutes: 420, steps: 700, heartRate: 62 }];
    assert.deepEqual(read(JSON.stringify(points)), { source: 'openMHealth', days });
    assert.deepEqual(read(points.map((one) => JSON.stringify(one)).join('\n')).days, days);
  });
});

describe('a file that is something else', () => {
  it('is named in a sentence', () => {
    assert.equal(faultOf(''), 'empty');
    assert.equal(faultOf('Steps;900'), 'kind_unknown');
    assert.equal(faultOf('<gpx><trk/></gpx>'), 'xml_foreign');
    assert.equal(faultOf('{"photos":[]}'), 'kind_unknown');
    assert.equal(faultOf('{"StepsRecord":[{"count":'), 'json_broken');
    assert.equal(faultOf(file()), 'nothing_found');
    assert.equal(faultOf(file(steps('02.03.2026', '02.03.2026', 3))), 'dates_unreadable');
    assert.equal(faultOf(zipSync({ 'photo.txt': strToU8('x') })), 'zip_without_export');
  });

  it('or breaks off anywhere, is never taken for the whole', () => {
    const xml = file(walk, steps('2026-03-03 09:00:00 +0100', '2026-03-03 09:10:00 +0100', 100));
    for (const share of [0.3, 0.6, 0.9, 0.99]) {
      assert.equal(faultOf(xml.slice(0, Math.floor(xml.length * share))), 'xml_broken');
      const archive = zipSync({ 'apple_health_export/export.xml': strToU8(xml) }, { level: 0 });
      const cut = archive.subarray(0, Math.floor(xml.length * share));
      assert.match(faultOf(cut), /^(zip_broken|zip_without_export|xml_broken)$/);
    }
  });
});

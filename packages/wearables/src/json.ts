/** Records of Health Connect as its interface names them, and data points of Open mHealth. */
import type { DayCollector } from './days.ts';
import { WearableError } from './errors.ts';
import { isoStamp } from './stamp.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** @throws WearableError `json_broken`, `kind_unknown` */
export function readJson(text: string, days: DayCollector): 'healthConnect' | 'openMHealth' {
  const document = parse(text);
  const points = listOf(Array.isArray(document) ? document : fieldsOf(document).data);
  if (points.some(({ header, body }) => isFields(header) && isFields(body))) {
    for (const point of points) takePoint(days, point);
    return 'openMHealth';
  }
  const records = fieldsOf(document);
  const known = Object.keys(takers).filter((name) => Array.isArray(records[name]));
  if (known.length === 0) throw new WearableError('kind_unknown');
  for (const name of known) for (const record of listOf(records[name])) takers[name]?.(days, record);
  return 'healthConnect';
}

/** One document, or one data point on each line. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line): unknown => JSON.parse(line));
    } catch {
      throw new WearableError('json_broken');
    }
  }
}

const deviceOf = ({ metadata }: Fields): string => String(fieldsOf(fieldsOf(metadata).dataOrigin).packageName ?? '');

const spanOf = ({ startTime, endTime, startZoneOffset, endZoneOffset }: Fields) => ({
  start: isoStamp(startTime, startZoneOffset),
  end: isoStamp(endTime, endZoneOffset),
});

const takers: Readonly<Record<string, (days: DayCollector, record: Fields) => void>> = {
  StepsRecord(days, record) {
    const { start, end } = spanOf(record);
    if (start !== null && end !== null) days.sum('steps', deviceOf(record), start, end, Number(record.count));
  },
  SleepSessionRecord(days, record) {
    const stages = listOf(record.stages);
    const asleep = stages.filter(
      ({ stage }) => ![1, 3, 7, 'AWAKE', 'OUT_OF_BED', 'AWAKE_IN_BED'].includes(stage as never),
    );
    for (const part of stages.length === 0 ? [record] : asleep) {
      const zones = { startZoneOffset: record.startZoneOffset, endZoneOffset: record.endZoneOffset };
      const { start, end } = spanOf({ ...part, ...zones });
      if (start !== null && end !== null) days.sleep(start, end);
    }
  },
  HeartRateRecord(days, record) {
    for (const { time, beatsPerMinute } of listOf(record.samples)) {
      const at = isoStamp(time, record.startZoneOffset);
      if (at !== null) days.average('heartRate', at, Number(beatsPerMinute));
    }
  },
  HeartRateVariabilityRmssdRecord(days, { time, zoneOffset, heartRateVariabilityMillis }) {
    const at = isoStamp(time, zoneOffset);
    if (at !== null) days.average('hrvRmssdMs', at, Number(heartRateVariabilityMillis));
  },
};

function takePoint(days: DayCollector, point: Fields): void {
  const header = fieldsOf(point.header);
  const body = fieldsOf(point.body);
  const device = String(fieldsOf(header.acquisition_provenance).source_name ?? '');
  const frame = fieldsOf(body.effective_time_frame);
  const span = fieldsOf(frame.time_interval);
  const start = isoStamp(span.start_date_time ?? frame.date_time);
  const end = isoStamp(span.end_date_time ?? frame.date_time);
  if (start === null || end === null) return;
  const numberIn = (value: unknown) => Number(isFields(value) ? value.value : value);
  switch (fieldsOf(header.schema_id).name) {
    case 'step-count':
      days.sum('steps', device, start, end, numberIn(body.step_count));
      break;
    case 'heart-rate':
      days.average('heartRate', start, numberIn(body.heart_rate));
      break;
    case 'sleep-episode':
      days.sleep(start, end);
      break;
    default:
  }
}

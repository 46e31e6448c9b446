/** Apple Health’s export.xml, element by element: a file of any length needs no more memory than its days. */
import { SaxesParser } from 'saxes';
import type { DayCollector } from './days.ts';
import { WearableError } from './errors.ts';
import { appleStamp, numberOf } from './stamp.ts';

export type AppleReader = { push(text: string): void; end(): void };

const asleep = /^HKCategoryValueSleepAnalysisAsleep/;

export function appleReader(days: DayCollector): AppleReader {
  const parser = new SaxesParser();
  let [isHealth, records, unreadable, isOver] = [false, 0, 0, false];
  parser.on('error', () => {
    throw new WearableError('xml_broken');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (!isHealth && name !== 'HealthData') throw new WearableError('xml_foreign');
    isHealth = true;
    if (name !== 'Record') return;
    const taken = take(days, attributes as Readonly<Record<string, string>>);
    if (taken !== 'other') records += 1;
    if (taken === 'unreadable') unreadable += 1;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'HealthData') isOver = true;
  });
  return {
    push: (text) => {
      parser.write(text);
    },
    end() {
      if (!isHealth) throw new WearableError('xml_foreign');
      if (!isOver) throw new WearableError('xml_broken');
      parser.close();
      if (records > 0 && unreadable === records) throw new WearableError('dates_unreadable');
    },
  };
}

function take(days: DayCollector, record: Readonly<Record<string, string>>): 'taken' | 'unreadable' | 'other' {
  const kind = kinds[record.type ?? ''];
  if (kind === undefined) return 'other';
  const [start, end] = [appleStamp(record.startDate ?? ''), appleStamp(record.endDate ?? '')];
  if (start === null || end === null) return 'unreadable';
  const value = numberOf(record.value ?? '');
  if (kind === 'sleep') {
    if (asleep.test(record.value ?? '')) days.sleep(start, end);
  } else if (Number.isNaN(value)) return 'unreadable';
  else if (kind === 'steps' || kind === 'daylightMinutes') {
    days.sum(kind, record.sourceName ?? '', start, end, record.unit === 'hr' ? value * 60 : value);
  } else days.average(kind, start, value);
  return 'taken';
}

const kinds: Readonly<Record<string, 'sleep' | 'steps' | 'daylightMinutes' | 'heartRate' | 'hrvSdnnMs'>> = {
  HKCategoryTypeIdentifierSleepAnalysis: 'sleep',
  HKQuantityTypeIdentifierStepCount: 'steps',
  HKQuantityTypeIdentifierTimeInDaylight: 'daylightMinutes',
  HKQuantityTypeIdentifierHeartRate: 'heartRate',
  HKQuantityTypeIdentifierHeartRateVariabilitySDNN: 'hrvSdnnMs',
};

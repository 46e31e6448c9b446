/** A protocol of twelve months with forty activities: a daily diary, weekly and monthly forms, and visits. */
import { readFileSync } from 'node:fs';
import { type ProtocolDocument, parseProtocol, type Regimen } from '@limen/protocol';

const days = 365;
const activities = 40;

/** @param drawn whether capsule days are drawn anew for every week and person */
export function yearOfForty(drawn: boolean): ProtocolDocument {
  const document = JSON.parse(
    readFileSync(new URL('../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8'),
  );
  const [form] = document.activities;
  const regimens: (Regimen | 'doseDays')[] = [
    { kind: 'everyNDays', n: 1 },
    'doseDays',
    'doseDays',
    ...Array.from({ length: 12 }, (): Regimen => ({ kind: 'everyNDays', n: 7 })),
    ...Array.from({ length: 12 }, (): Regimen => ({ kind: 'everyNDays', n: 28 })),
  ];
  while (regimens.length < activities) {
    regimens.push({ kind: 'days', days: [1, 90 + regimens.length, 180 + regimens.length, days - regimens.length] });
  }
  const regimen: Regimen = drawn
    ? { kind: 'drawn', perWeek: 2, from: ['mon', 'tue', 'wed', 'thu', 'fri'] }
    : { kind: 'everyNDays', n: 3 };
  const { startsOn: _, blinding, ...rest } = document;
  const { guessActivity: __, ...masked } = blinding;
  const parsed = parseProtocol(
    JSON.stringify({
      ...rest,
      blinding: masked,
      epochs: [{ id: 'dosing', label: 'Year', type: 'dosing', firstDay: 1, lastDay: days }],
      dosing: { ...document.dosing, epoch: 'dosing', regimen, maximumDoses: 200 },
      activities: regimens.map((on, index) => ({
        ...form,
        id: `activity-${index}`,
        epoch: 'dosing',
        on,
        after: index === 2 ? ['activity-0'] : [],
      })),
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems[0]));
  return parsed.protocol;
}

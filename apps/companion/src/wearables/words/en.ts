/** Texts of the screen for watches in English. */
import type { WearableErrorCode } from '@limen/wearables';

const faults = {
  empty: 'The file is empty. Export again, and choose the new file.',
  zip_broken: 'The file breaks off. Export again, and choose the new file.',
  zip_without_export: 'This archive is not the one that Apple Health makes under “Export All Health Data”.',
  xml_broken: 'The file breaks off or was changed. Export again.',
  xml_foreign: 'This is not an export of Apple Health.',
  json_broken: 'The file is not complete. Export again, and choose the new file.',
  json_too_large: 'The file is too large for this phone. Export fewer days.',
  kind_unknown: 'This is neither an export of Apple Health nor records of Health Connect or Open mHealth.',
  dates_unreadable: 'No date in the file can be read.',
  nothing_found: 'The file was read, and holds no sleep, steps, heart rate or daylight.',
  failed: 'The file could not be read.',
  full: 'This phone holds too many unsent entries. Go online first.',
} satisfies Record<WearableErrorCode | 'failed' | 'full', string>;

export const english = {
  title: 'Days of your watch',
  lead: 'The file is read on this phone and stays here. Only the days you tick are sent, as one line each: no times, no places, no single heartbeats.',
  choose: 'Choose export.zip, export.xml or a JSON file',
  reading: 'Reading',
  tick: 'Tick the days to send',
  all: 'Tick all shown',
  none: 'Tick none',
  date: 'Day',
  shown: 'Days of your time in the study are shown.',
  noDays: 'The file holds no day of your time in the study.',
  send: { one: 'Send {n} day', other: 'Send {n} days' },
  label: 'Days of a watch or phone',
  measures: {
    sleepMinutes: 'Sleep, min',
    steps: 'Steps',
    heartRate: 'Heart rate, /min',
    hrvSdnnMs: 'HRV (SDNN), ms',
    hrvRmssdMs: 'HRV (RMSSD), ms',
    daylightMinutes: 'Daylight, min',
  },
  faults,
};

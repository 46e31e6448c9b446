/** The calendar of a sample participant, compiled here as it will be compiled for everybody. */
import { findInstrument } from '@limen/instruments';
import {
  type Calendar,
  compileCalendar,
  icalendar,
  nextStartDate,
  type ProtocolDocument,
  ProtocolError,
} from '@limen/protocol';
import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ZoneSelect } from '../../frame/fields.tsx';
import { Empty } from '../../frame/page.tsx';
import { CalendarWeeks } from '../../pages/protocol/calendar-preview.tsx';
import { download } from '../../server/download.ts';
import { count, readerZone, todayIn } from '../../words/dates.ts';
import { useDraft } from '../draft-context.tsx';
import { gridOf } from './days.ts';

export function CalendarPart() {
  const { protocol, value } = useDraft();
  const [startDate, setStartDate] = useState('');
  const [timeZone, setTimeZone] = useState(readerZone);
  const [drawSeed, setDrawSeed] = useState('sample');
  const drawn = useMemo(() => gridOf(value).rows.some((row) => row.drawn), [value]);
  const offered = useMemo(() => (protocol === undefined ? '' : firstStart(protocol)), [protocol]);
  const compiled = useMemo(
    () => (protocol === undefined ? null : compile(protocol, startDate || offered, timeZone, drawSeed)),
    [protocol, startDate, offered, timeZone, drawSeed],
  );
  if (protocol === undefined || compiled === null) {
    return (
      <Empty title="No calendar yet">
        The document has errors that keep it from being read; the findings say which. The calendar appears when they are
        mended.
      </Empty>
    );
  }
  return (
    <div className="fields">
      <div className="filters">
        <TextInput
          type="date"
          label="First study day"
          value={startDate || offered}
          onChange={({ currentTarget }) => setStartDate(currentTarget.value)}
        />
        <ZoneSelect label="Time zone" value={timeZone} onChange={setTimeZone} />
        {drawn && (
          <TextInput
            label="Sample person"
            description="Drawn days differ from person to person"
            value={drawSeed}
            onChange={({ currentTarget }) => setDrawSeed(currentTarget.value || 'sample')}
          />
        )}
      </div>
      {'fault' in compiled ? (
        <p className="wrong" role="status">
          {compiled.fault}
        </p>
      ) : (
        <>
          <Totals protocol={protocol} calendar={compiled} />
          <Button
            size="xs"
            variant="default"
            onClick={() => download('diary.ics', 'text/calendar', fileOf(protocol, compiled))}
          >
            Save as a calendar file
          </Button>
          <CalendarWeeks calendar={compiled} document={protocol} />
        </>
      )}
    </div>
  );
}

function firstStart(protocol: ProtocolDocument): string {
  try {
    return nextStartDate(protocol, todayIn(readerZone));
  } catch {
    return todayIn(readerZone);
  }
}

function compile(
  protocol: ProtocolDocument,
  startDate: string,
  timeZone: string,
  drawSeed: string,
): Calendar | { readonly fault: string } {
  if (!('Temporal' in globalThis)) return { fault: 'This browser is too old to compile calendars; a newer one does.' };
  try {
    return compileCalendar(protocol, { startDate, timeZone, drawSeed });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { fault: error.message };
  }
}

function Totals({ protocol, calendar }: { protocol: ProtocolDocument; calendar: Calendar }) {
  const seconds = new Map<string, number>();
  const instruments = new Map(protocol.activities.map(({ id, instrument }) => [id, findInstrument(instrument)]));
  const doseDays: number[] = [];
  for (const { kind, activityId, date, studyDay } of calendar.occurrences) {
    if (kind === 'dose') doseDays.push(studyDay);
    else seconds.set(date, (seconds.get(date) ?? 0) + (instruments.get(activityId)?.estimatedSeconds ?? 0));
  }
  const gaps = doseDays.slice(1).map((day, index) => day - (doseDays[index] ?? 0));
  const minutes = [...seconds.values()].map((sum) => sum / 60);
  const mean = minutes.reduce((sum, one) => sum + one, 0) / Math.max(1, minutes.length);
  const spacing = gaps.length === 0 ? '' : `, ${Math.min(...gaps)} to ${Math.max(...gaps)} days apart`;
  return (
    <p>
      {count(doseDays.length, 'capsule')}
      {spacing}. On {count(minutes.length, 'day')} something is asked: {mean.toFixed(1)} minutes on average,{' '}
      {Math.max(0, ...minutes).toFixed(1)} at most.
    </p>
  );
}

/** The words of the file say nothing of a study: a calendar is seen by whoever looks over a shoulder. */
function fileOf(protocol: ProtocolDocument, calendar: Calendar): string {
  const names = new Map(calendar.occurrences.map(({ id }, index) => [id, index]));
  const stem = `${protocol.version}-${calendar.startDate}`.replace(/[^0-9-]/g, '-');
  const uid = (id: string) => `sample-${stem}-${names.get(id) ?? 0}`;
  return icalendar(calendar, { madeAt: new Date().toISOString(), uid });
}

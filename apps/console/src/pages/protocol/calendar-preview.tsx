/** The calendar of a sample participant: the compiler’s own answer for a start date and a zone. */
import type { Calendar, Occurrence, ProtocolDocument } from '@limen/protocol';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { ZoneSelect } from '../../frame/fields.tsx';
import { Loaded, Panel } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import {
  addDays,
  count,
  daysBetween,
  readerZone,
  showDate,
  showInstantIn,
  showShortDate,
  showWeekday,
  todayIn,
  weekdayOf,
} from '../../words/dates.ts';
import { useStudy } from '../study-frame.tsx';

const weekdayNumbers = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function firstStart(startsOn: string | undefined): string {
  const today = todayIn(readerZone);
  const wanted = startsOn === undefined ? weekdayOf(today) : weekdayNumbers.indexOf(startsOn);
  return addDays(today, (wanted - weekdayOf(today) + 7) % 7);
}

export function CalendarPreview({ document }: { document: ProtocolDocument }) {
  const { studyId } = useStudy();
  const [startDate, setStartDate] = useState(() => firstStart(document.startsOn));
  const [timeZone, setTimeZone] = useState(readerZone);
  const calendar = useAnswer(
    routes.studyCalendar,
    { params: { studyId }, query: { startDate, timeZone } },
    { enabled: startDate !== '' },
  );
  return (
    <Panel title="Calendar of a sample participant">
      <div className="filters">
        <TextInput
          type="date"
          label="First study day"
          value={startDate}
          onChange={(event) => setStartDate(event.currentTarget.value)}
        />
        <ZoneSelect label="Time zone" value={timeZone} onChange={setTimeZone} />
      </div>
      {calendar.error !== null && calendar.data !== undefined ? (
        <Loaded of={{ data: undefined, error: calendar.error, refetch: calendar.refetch }}>{() => null}</Loaded>
      ) : (
        <Loaded of={calendar} height={360}>
          {(data) => <CalendarWeeks calendar={data} document={document} />}
        </Loaded>
      )}
    </Panel>
  );
}

type Weeks = Pick<Calendar, 'startDate' | 'lastDate' | 'timeZone'> & {
  readonly occurrences: readonly Pick<Occurrence, 'id' | 'kind' | 'activityId' | 'date' | 'opensAt' | 'closesAt'>[];
};

/** Weeks from the first study day, with what is due on each day. */
export function CalendarWeeks({ calendar, document }: { calendar: Weeks; document: ProtocolDocument }) {
  const { startDate, lastDate, timeZone, occurrences } = calendar;
  const labels = new Map(document.activities.map(({ id, label }) => [id, label]));
  const weeks = Math.floor(daysBetween(startDate, lastDate) / 7) + 1;
  const doses = occurrences.filter(({ kind }) => kind === 'dose').length;
  return (
    <>
      <p className="hint">
        {showDate(startDate)} to {showDate(lastDate)}: {count(doses, 'capsule')} and{' '}
        {count(occurrences.length - doses, 'activity', 'activities')}.
      </p>
      <Scroll label="Calendar of a sample participant">
        <table className="weeks">
          <thead>
            <tr>
              <th scope="col">Week</th>
              {Array.from({ length: 7 }, (_, day) => (
                <th key={addDays(startDate, day)} scope="col">
                  {showWeekday(addDays(startDate, day))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: weeks }, (_, week) => (
              <tr key={addDays(startDate, week * 7)}>
                <th scope="row">
                  {week + 1}
                  <span className="note">{showShortDate(addDays(startDate, week * 7))}</span>
                </th>
                {Array.from({ length: 7 }, (_, day) => {
                  const date = addDays(startDate, week * 7 + day);
                  return (
                    <td key={date}>
                      {occurrences
                        .filter((one) => one.date === date)
                        .map((one) => (
                          <span
                            key={one.id}
                            className={one.kind === 'dose' ? 'due due-dose' : 'due'}
                            title={`${showInstantIn(one.opensAt, timeZone)} to ${showInstantIn(one.closesAt, timeZone)}`}
                          >
                            {one.kind === 'dose'
                              ? document.dosing.unitLabel
                              : (labels.get(one.activityId) ?? one.activityId)}
                          </span>
                        ))}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

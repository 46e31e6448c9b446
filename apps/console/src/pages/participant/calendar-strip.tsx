/** The whole schedule at a glance: a column a week, a row a weekday; capsules as circles, activities as bars. */
import { Chart } from '../../charts/chart.tsx';
import type { TimelineEntry } from '../../server/timeline.ts';
import { addDays, daysBetween, showDate, showShortDate, showWeekday, todayIn, weekdayOf } from '../../words/dates.ts';
import type { Detail } from './detail.ts';
import { statusWord } from './status-words.ts';

type Item = Detail['schedule'][number];
type Day = {
  readonly date: string;
  readonly studyDay: number;
  readonly items: Item[];
  events: string[];
  held: boolean;
};

/** Cells grow with the room there is. */
const cell = { narrow: 46, wide: 84, height: 38 };
const room = { left: 40, top: 24 };
const bar = { width: 5, gap: 2, height: 14 };
const barsAtMost = 5;

/** Every calendar day from the first to the last, with what belongs to it. */
export function daysOf(detail: Detail, entries: readonly TimelineEntry[]): Day[] {
  const { schedule } = detail;
  const start = detail.row.startDate ?? schedule[0]?.date;
  const last = [start ?? '', ...schedule.map(({ date }) => date)].sort().at(-1) ?? '';
  if (start === undefined || start === null) return [];
  const days: Day[] = Array.from({ length: daysBetween(start, last) + 1 }, (_, index) => ({
    date: addDays(start, index),
    studyDay: index + 1,
    items: [],
    events: [],
    held: false,
  }));
  const dayAt = (date: string) => days[daysBetween(start, date)];
  for (const item of schedule) dayAt(item.date)?.items.push(item);
  const openHolds = new Map<string, string>();
  const mark = (from: string, until: string) => {
    for (const day of days) if (day.date >= from && day.date <= until) day.held = true;
  };
  for (const { type, data, recordedAt } of entries) {
    const date = recordedAt.slice(0, 10);
    if (type === 'adverseEvent.reported') dayAt(String(data.onset))?.events.push(`adverse event: ${String(data.term)}`);
    if (type === 'dosing.held') openHolds.set(String(data.holdId), date);
    if (type === 'dosing.resumed') {
      mark(openHolds.get(String(data.holdId)) ?? date, date);
      openHolds.delete(String(data.holdId));
    }
    if (type === 'participant.withdrawn') dayAt(date)?.events.push('withdrawn');
  }
  const until = [todayIn(detail.timeZone), last].sort()[0] ?? last;
  for (const from of openHolds.values()) mark(from, until);
  return days;
}

export function CalendarStrip({ detail, entries }: { detail: Detail; entries: readonly TimelineEntry[] }) {
  const days = daysOf(detail, entries);
  const first = days[0];
  const lastDay = days.at(-1);
  if (first === undefined || lastDay === undefined) return null;
  const offset = weekdayOf(first.date);
  const monday = addDays(first.date, -offset);
  const weeks = Math.floor(daysBetween(monday, lastDay.date) / 7) + 1;
  const { row } = detail;
  return (
    <Chart
      title="Calendar of the participant"
      description={`${weeks} weeks from ${showDate(first.date)} to ${showDate(lastDay.date)}. ${row.dosesTaken} of ${row.dosesDue} due capsules taken, ${row.answered} of ${row.answersDue} due answers given.`}
      height={room.top + 7 * cell.height + 4}
      minWidth={room.left + weeks * cell.narrow + 4}
      legend={<Legend />}
      table={{
        columns: ['Date', 'Study day', 'Due', 'Status', 'Events'],
        rows: days
          .filter(({ items, events, held }) => items.length > 0 || events.length > 0 || held)
          .map((day) => [
            showDate(day.date),
            day.studyDay,
            day.items.map(({ label }) => label).join('; '),
            day.items.map(statusWord).join('; '),
            [...day.events, ...(day.held ? ['on hold'] : [])].join('; '),
          ]),
      }}
      draw={(width) => {
        const cellWidth = Math.min(cell.wide, (width - room.left - 4) / weeks);
        return (
          <>
            {Array.from({ length: 7 }, (_, weekday) => (
              <text key={addDays(monday, weekday)} x={0} y={room.top + weekday * cell.height + 23} className="tick">
                {showWeekday(addDays(monday, weekday))}
              </text>
            ))}
            {Array.from({ length: weeks }, (_, week) => (
              <text key={addDays(monday, week * 7)} x={room.left + week * cellWidth + 2} y={14} className="tick">
                {showShortDate(addDays(monday, week * 7))}
              </text>
            ))}
            {days.map((day) => {
              const position = offset + day.studyDay - 1;
              const x = room.left + Math.floor(position / 7) * cellWidth;
              const y = room.top + (position % 7) * cell.height;
              return <DayCell key={day.date} day={day} x={x} y={y} width={cellWidth - 3} />;
            })}
          </>
        );
      }}
    />
  );
}

function DayCell({ day, x, y, width }: { day: Day; x: number; y: number; width: number }) {
  const dose = day.items.find(({ kind }) => kind === 'dose');
  const activities = day.items.filter(({ kind }) => kind === 'activity');
  const words = [
    `${showWeekday(day.date)} ${showDate(day.date)}, study day ${day.studyDay}`,
    ...day.items.map((item) => `${item.label}: ${statusWord(item)}`),
    ...day.events,
    ...(day.held ? ['on hold'] : []),
  ];
  return (
    <g transform={`translate(${x} ${y})`}>
      <title>{words.join('\n')}</title>
      <rect width={width} height={cell.height - 3} rx="5" className={day.held ? 'day day-held' : 'day'} />
      {dose !== undefined && (
        <g transform="translate(12 17)">
          <DoseMark status={dose.status} />
        </g>
      )}
      {activities.slice(0, barsAtMost).map((item, index) => (
        <ActivityMark
          key={item.occurrence}
          status={item.status}
          x={(dose === undefined ? 6 : 23) + index * (bar.width + bar.gap)}
        />
      ))}
      {day.events.length > 0 && <path d="M41 0h6v9z" className="event-mark" transform={`translate(${width - 48} 1)`} />}
    </g>
  );
}

function DoseMark({ status }: { status: Item['status'] }) {
  switch (status) {
    case 'done':
      return <circle r="7" className="dose-taken" />;
    case 'missed':
      return <path d="M-5-5 5 5M5-5-5 5" className="dose-missed" />;
    case 'closed':
      return <path d="M-5 0H5" className="dose-missed" />;
    case 'due':
    case 'late':
      return <circle r="6.500" className="dose-due" />;
    default:
      return <circle r="6" className="dose-upcoming" />;
  }
}

function ActivityMark({ status, x }: { status: Item['status']; x: number }) {
  const box = { x, y: 10, width: bar.width, height: bar.height, rx: 1.5 };
  switch (status) {
    case 'done':
      return <rect {...box} className="bar-done" />;
    case 'missed':
    case 'closed':
      return <rect {...box} x={x + 0.5} width={bar.width - 1} className="bar-missed" />;
    case 'due':
    case 'late':
      return <rect {...box} x={x + 0.5} width={bar.width - 1} className="bar-due" />;
    default:
      return <rect {...box} y={20} height={4} className="bar-upcoming" />;
  }
}

function Legend() {
  const doses = [
    ['done', 'capsule taken'],
    ['missed', 'recorded as missed'],
    ['closed', 'not recorded'],
    ['due', 'due now'],
    ['upcoming', 'to come'],
  ] as const;
  const bars = [
    ['done', 'answered'],
    ['closed', 'not answered'],
    ['due', 'open now'],
    ['upcoming', 'to come'],
  ] as const;
  return (
    <>
      {doses.map(([status, word]) => (
        <span key={word} className="legend-item">
          <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
            <DoseMark status={status} />
          </svg>
          {word}
        </span>
      ))}
      {bars.map(([status, word]) => (
        <span key={word} className="legend-item">
          <svg width="8" height="18" viewBox="0 8 8 18" aria-hidden="true">
            <ActivityMark status={status} x={1} />
          </svg>
          {word}
        </span>
      ))}
      <span className="legend-item">
        <svg width="12" height="14" viewBox="38 0 12 12" aria-hidden="true">
          <path d="M41 0h6v9z" className="event-mark" />
        </svg>
        event
      </span>
      <span className="legend-item">
        <svg width="16" height="14" aria-hidden="true">
          <rect width="16" height="14" rx="3" className="day day-held" />
        </svg>
        on hold
      </span>
    </>
  );
}

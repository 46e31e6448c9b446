/** How many have been randomised by each day, against the planned size. */
import { addDays, count, dateAt, daysBetween, showDate, showNumber, showShortDate } from '../words/dates.ts';
import { Chart, scale, ticks } from './chart.tsx';

type Point = { readonly date: string; readonly randomised: number };

const height = 220;
const room = { left: 36, right: 14, top: 16, bottom: 26 };
const weekDays = 7;
const paceWeeks = 4;

export function cumulated(days: readonly Point[]): { date: string; total: number }[] {
  let total = 0;
  return days.map(({ date, randomised }) => {
    total += randomised;
    return { date, total };
  });
}

/** In words: how the last four weeks went, and when the plan is met if it goes on so. */
export function paceOf(days: readonly Point[], planned: number, today: string): string {
  const total = days.reduce((sum, day) => sum + day.randomised, 0);
  if (total >= planned) return 'The planned size is reached.';
  const from = addDays(today, -paceWeeks * weekDays);
  const recent = days.filter(({ date }) => date > from).reduce((sum, day) => sum + day.randomised, 0);
  if (recent === 0) return 'Nobody was randomised in the last four weeks.';
  const perWeek = recent / paceWeeks;
  const weeks = Math.ceil((planned - total) / perWeek);
  const until = showDate(addDays(today, weeks * weekDays));
  return `${showNumber(Math.round(perWeek * 10) / 10)} a week over the last four weeks; at this pace the plan is met in ${count(weeks, 'week')}, about ${until}.`;
}

export function EnrolmentChart({ days, planned, today }: { days: readonly Point[]; planned: number; today: string }) {
  const points = cumulated(days);
  const first = points[0]?.date ?? today;
  const last = (points.at(-1)?.date ?? today) > today ? (points.at(-1)?.date ?? today) : today;
  const total = points.at(-1)?.total ?? 0;
  const length = Math.max(1, daysBetween(first, last));
  const top = Math.max(planned, total);
  return (
    <Chart
      title="Randomised participants against the plan"
      description={`${total} of ${planned} planned have been randomised between ${showDate(first)} and ${showDate(last)}.`}
      height={height}
      table={{
        columns: ['Date', 'Randomised in all'],
        rows: points.map(({ date, total: sum }) => [showDate(date), sum]),
      }}
      draw={(width) => {
        const x = scale([0, length], [room.left, width - room.right]);
        const y = scale([0, top * 1.06], [height - room.bottom, room.top]);
        const steps = points.map(({ date, total: sum }) => `H${x(daysBetween(first, date))}V${y(sum)}`).join('');
        const line = `M${x(0)} ${y(0)}${steps}H${x(length)}`;
        const marks = [...new Set([0, Math.round(length / 2), length])];
        return (
          <>
            {ticks(top).map((tick) => (
              <g key={tick}>
                <line x1={room.left} x2={width - room.right} y1={y(tick)} y2={y(tick)} className="grid" />
                <text x={room.left - 8} y={y(tick) + 4} textAnchor="end" className="tick">
                  {showNumber(tick)}
                </text>
              </g>
            ))}
            <line x1={room.left} x2={width - room.right} y1={y(planned)} y2={y(planned)} className="plan" />
            <text x={width - room.right} y={y(planned) - 6} textAnchor="end" className="tick strong">
              planned {showNumber(planned)}
            </text>
            <path d={`${line}V${y(0)}Z`} className="area" />
            <path d={line} className="line" />
            <circle cx={x(length)} cy={y(total)} r="4" className="point" />
            {marks.map((day, index) => (
              <text
                key={day}
                x={x(day)}
                y={height - 8}
                textAnchor={index === 0 ? 'start' : day === length ? 'end' : 'middle'}
                className="tick"
              >
                {showShortDate(dateAt(addDays(first, day)).toISOString().slice(0, 10))}
              </text>
            ))}
          </>
        );
      }}
    />
  );
}

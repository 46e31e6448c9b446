/** One curve over study days, with the numbers behind it in a table. */
import { wordsOfDate } from '../schedule/times.ts';
import { fill, words } from '../words/index.ts';
import type { Series } from './series.ts';

const width = 320;
const height = 180;
const edge = { left: 30, right: 10, top: 12, bottom: 42 } as const;

export function Curve({ series }: { series: Series }) {
  const { points, label, low, high, min, max, capsuleDays } = series;
  const first = points[0]?.day ?? 1;
  const last = Math.max(points.at(-1)?.day ?? first, first + 1);
  const x = (day: number) => edge.left + ((day - first) / (last - first)) * (width - edge.left - edge.right);
  const y = (value: number) => height - edge.bottom - ((value - min) / (max - min)) * (height - edge.top - edge.bottom);
  const marked = capsuleDays.filter((day) => day >= first && day <= last);
  const path = points.map(({ day, value }, index) => `${index === 0 ? 'M' : 'L'}${x(day)} ${y(value)}`).join('');
  const taken = new Set(capsuleDays);
  const texts = words().history;
  const described = { points: points.length, first, last, min, low, max, high };
  return (
    <figure class="curve">
      <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="curve-title curve-desc">
        <title id="curve-title">{label}</title>
        <desc id="curve-desc">{fill(texts.curve, described)}</desc>
        {[min, (min + max) / 2, max].map((value) => (
          <g key={value}>
            <line class="grid" x1={edge.left} x2={width - edge.right} y1={y(value)} y2={y(value)} />
            <text x={edge.left - 6} y={y(value) + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        {marked.map((day) => (
          <rect key={day} class="capsule-day" x={x(day) - 3} y={height - edge.bottom + 6} width={6} height={9} rx={3} />
        ))}
        <path class="curve-line" d={path} />
        {points.map(({ day, value }) => (
          <circle key={day} class="curve-point" cx={x(day)} cy={y(value)} r={3} />
        ))}
        <text x={edge.left} y={height - 8}>
          {fill(texts.day, { day: first })}
        </text>
        <text x={width - edge.right} y={height - 8} text-anchor="end">
          {fill(texts.day, { day: last })}
        </text>
      </svg>
      <figcaption>
        <span>{fill(texts.ends, { low: low || texts.lowest, high: high || texts.highest })}</span>
        {marked.length === 0 ? null : (
          <span class="key">
            <i class="capsule-key" aria-hidden="true" /> {texts.capsuleDay}
          </span>
        )}
      </figcaption>
      <details>
        <summary>{texts.inTable}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.date}</th>
              <th scope="col">{texts.rating}</th>
              <th scope="col">{texts.capsuleDay}</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ day, date, value }) => (
              <tr key={day}>
                <td>{wordsOfDate(date)}</td>
                <td>{value}</td>
                <td>{taken.has(day) ? words().common.yes : words().common.no}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

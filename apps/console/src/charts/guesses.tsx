/** What people say they took, by study week, pooled over all arms. */
import { useId } from 'react';
import { showShare } from '../words/dates.ts';
import { Chart, scale } from './chart.tsx';

type Week = {
  readonly week: number;
  readonly counts: { readonly active: number; readonly placebo: number; readonly unsure: number };
  readonly meanConfidence: number | null;
};
const kinds = ['active', 'placebo', 'unsure'] as const;
const words = { active: 'micro-dose', placebo: 'placebo', unsure: 'not sure' } as const;

const height = 210;
const room = { left: 40, right: 8, top: 22, bottom: 40 };

export function GuessChart({ weeks }: { weeks: readonly Week[] }) {
  const hatch = useId().replaceAll(':', '');
  const sums = weeks.map(({ counts }) => counts.active + counts.placebo + counts.unsure);
  return (
    <Chart
      title="Guesses by study week, all arms together"
      description={weeks
        .map(
          ({ week, counts }, index) =>
            `Week ${week}: ${showShare(counts.active, sums[index] ?? 0)} guessed micro-dose.`,
        )
        .join(' ')}
      height={height}
      table={{
        columns: ['Study week', 'Guesses', 'Micro-dose', 'Placebo', 'Not sure', 'Mean confidence (0 to 100)'],
        rows: weeks.map(({ week, counts, meanConfidence }, index) => [
          week,
          sums[index] ?? 0,
          counts.active,
          counts.placebo,
          counts.unsure,
          meanConfidence ?? '–',
        ]),
      }}
      legend={kinds.map((kind) => (
        <span key={kind} className="legend-item">
          <svg width="14" height="14" aria-hidden="true">
            <rect width="14" height="14" rx="2" className={`guess-${kind}`} />
            {kind === 'placebo' && <path d="M0 14 14 0M-4 4 4-4M10 18l8-8" className="hatch" />}
          </svg>
          {words[kind]}
        </span>
      ))}
      draw={(width) => {
        const slot = (width - room.left - room.right) / Math.max(1, weeks.length);
        const bar = Math.min(56, slot * 0.62);
        const y = scale([0, 1], [height - room.bottom, room.top]);
        return (
          <>
            <defs>
              <pattern id={hatch} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <line x1="0" y1="0" x2="0" y2="7" className="hatch" />
              </pattern>
            </defs>
            {[0, 0.5, 1].map((share) => (
              <g key={share}>
                <line x1={room.left} x2={width - room.right} y1={y(share)} y2={y(share)} className="grid" />
                <text x={room.left - 6} y={y(share) + 4} textAnchor="end" className="tick">
                  {share * 100} %
                </text>
              </g>
            ))}
            {weeks.map(({ week, counts, meanConfidence }, index) => {
              const sum = sums[index] ?? 0;
              const left = room.left + slot * index + (slot - bar) / 2;
              let below = 0;
              return (
                <g key={week}>
                  {kinds.map((kind) => {
                    const share = sum === 0 ? 0 : counts[kind] / sum;
                    const box = { x: left, width: bar, y: y(below + share), height: y(below) - y(below + share) };
                    below += share;
                    return (
                      <g key={kind}>
                        <rect {...box} className={`guess-${kind}`} />
                        {kind === 'placebo' && <rect {...box} fill={`url(#${hatch})`} />}
                      </g>
                    );
                  })}
                  <text x={left + bar / 2} y={room.top - 7} textAnchor="middle" className="tick">
                    n {sum}
                  </text>
                  <text x={left + bar / 2} y={height - room.bottom + 16} textAnchor="middle" className="tick">
                    week {week}
                  </text>
                  <text x={left + bar / 2} y={height - room.bottom + 32} textAnchor="middle" className="tick strong">
                    {meanConfidence === null ? '–' : Math.round(meanConfidence)}
                  </text>
                </g>
              );
            })}
            <text x={4} y={height - room.bottom + 32} className="tick">
              conf.
            </text>
          </>
        );
      }}
    />
  );
}

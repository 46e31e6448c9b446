/** Scores over time, one small chart each, with the days of capsules marked; never what a capsule held. */
import { findInstrument } from '@limen/instruments';
import { Select } from '@mantine/core';
import { useState } from 'react';
import { Chart, scale } from '../../charts/chart.tsx';
import { Panel } from '../../frame/page.tsx';
import { showValue } from '../../frame/values.tsx';
import type { TimelineEntry } from '../../server/timeline.ts';
import type { Detail } from './detail.ts';

type Point = { readonly day: number; readonly value: number };
type Series = {
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly points: Point[];
};

const dayOf = (occurrence: unknown) => Number(String(occurrence).split('@')[1]);

/** Scores by instrument, corrected ones with their new value, in the order of study days. */
export function seriesOf(entries: readonly TimelineEntry[]): Map<string, Series[]> {
  const corrected = new Map<string, Record<string, number | null>>();
  for (const { type, data } of entries) {
    if (type === 'answer.corrected')
      corrected.set(String(data.submissionId), data.scores as Record<string, number | null>);
  }
  const found = new Map<string, Map<string, Series>>();
  for (const { type, data } of entries) {
    if (type !== 'answers.submitted') continue;
    const instrument = findInstrument(String(data.instrument));
    if (instrument === undefined) continue;
    const scores = corrected.get(String(data.submissionId)) ?? (data.scores as Record<string, number | null>);
    const series = found.get(instrument.id) ?? new Map<string, Series>();
    found.set(instrument.id, series);
    for (const { id, label, range } of instrument.scoring.scores) {
      const value = scores[id];
      if (typeof value !== 'number') continue;
      const one = series.get(id) ?? { id, label, ...range, points: [] };
      one.points.push({ day: dayOf(data.occurrence), value });
      series.set(id, one);
    }
  }
  return new Map(
    [...found].map(([id, series]) => [
      id,
      [...series.values()].map((one) => ({ ...one, points: one.points.sort((a, b) => a.day - b.day) })),
    ]),
  );
}

export function Ratings({ detail, entries }: { detail: Detail; entries: readonly TimelineEntry[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const all = seriesOf(entries);
  if (all.size === 0) return null;
  const ids = [...all.keys()];
  const most = ids.reduce((best, id) => (countOf(all.get(id)) > countOf(all.get(best)) ? id : best), ids[0] ?? '');
  const shown = chosen ?? most;
  const doses = entries.filter(({ type }) => type === 'dose.taken').map(({ data }) => dayOf(data.occurrence));
  const lastDay = Math.max(detail.row.studyDay ?? 1, ...detail.schedule.map(({ studyDay }) => studyDay));
  return (
    <Panel
      title="Ratings over time"
      hint="Ticks along the bottom mark days on which a capsule was taken. What it held is known to the vault alone."
      aside={
        <Select
          aria-label="Instrument"
          data={ids.map((id) => ({ value: id, label: findInstrument(id)?.texts.en.title ?? id }))}
          value={shown}
          onChange={setChosen}
          allowDeselect={false}
          size="xs"
          w={240}
        />
      }
    >
      <div className="small-charts">
        {(all.get(shown) ?? []).map((series) => (
          <SmallChart key={series.id} series={series} doses={doses} lastDay={lastDay} />
        ))}
      </div>
    </Panel>
  );
}

const countOf = (series: readonly Series[] | undefined) => series?.[0]?.points.length ?? 0;
const height = 112;
const room = { left: 30, right: 10, top: 10, bottom: 26 };

function SmallChart({ series, doses, lastDay }: { series: Series; doses: readonly number[]; lastDay: number }) {
  const { label, min, max, points } = series;
  const last = points.at(-1);
  return (
    <div className="small-chart">
      <h3>
        {label} <span className="quiet">{last === undefined ? '' : `last ${showValue(last.value)}`}</span>
      </h3>
      <Chart
        title={`${label} by study day`}
        description={`${points.length} values between ${min} and ${max}${last === undefined ? '' : `, the last one ${showValue(last.value)} on day ${last.day}`}.`}
        height={height}
        table={{ columns: ['Study day', label], rows: points.map(({ day, value }) => [day, showValue(value)]) }}
        draw={(width) => {
          const x = scale([1, Math.max(2, lastDay)], [room.left, width - room.right]);
          const y = scale([min, max], [height - room.bottom, room.top]);
          return (
            <>
              {[min, max].map((edge) => (
                <g key={edge}>
                  <line x1={room.left} x2={width - room.right} y1={y(edge)} y2={y(edge)} className="grid" />
                  <text x={room.left - 6} y={y(edge) + 4} textAnchor="end" className="tick">
                    {edge}
                  </text>
                </g>
              ))}
              {doses.map((day) => (
                <line
                  key={day}
                  x1={x(day)}
                  x2={x(day)}
                  y1={height - room.bottom + 1}
                  y2={height - room.bottom + 8}
                  className="dose-tick"
                />
              ))}
              <path
                d={points.map(({ day, value }, index) => `${index === 0 ? 'M' : 'L'}${x(day)} ${y(value)}`).join('')}
                className="line"
              />
              {points.map(({ day, value }) => (
                <circle key={day} cx={x(day)} cy={y(value)} r="2.6" className="line-dot">
                  <title>{`day ${day}: ${showValue(value)}`}</title>
                </circle>
              ))}
              <text x={room.left} y={height - 4} className="tick">
                day 1
              </text>
              <text x={width - room.right} y={height - 4} textAnchor="end" className="tick">
                day {lastDay}
              </text>
            </>
          );
        }}
      />
    </div>
  );
}

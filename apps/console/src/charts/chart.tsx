/** What every chart has: a title and a description for those who hear it, and the numbers as a table behind it. */
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';

export type ChartTable = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
};

type ChartProps = {
  readonly title: string;
  readonly description: string;
  readonly height: number;
  readonly table: ChartTable;
  readonly legend?: ReactNode;
  readonly minWidth?: number;
  /** Draws into the width there is, in CSS pixels, so that letters keep their size. */
  readonly draw: (width: number) => ReactNode;
};

const widthBeforeMeasuring = 320;

export function Chart({ title, description, height, table, legend, minWidth = 0, draw }: ChartProps) {
  const { ref, width: measured } = useElementSize();
  const id = useId();
  const width = Math.max(measured || widthBeforeMeasuring, minWidth);
  return (
    <figure className="chart">
      {legend !== undefined && <div className="legend">{legend}</div>}
      <section ref={ref} className="chart-room" {...(minWidth > 0 ? { tabIndex: 0, 'aria-label': title } : {})}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-labelledby={`${id}-title ${id}-description`}
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-description`}>{description}</desc>
          {draw(width)}
        </svg>
      </section>
      <details className="numbers">
        <summary>Show the numbers</summary>
        <div className="numbers-room">
          <table>
            <caption>{title}</caption>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row.join('|')}>
                  {row.map((cell, index) => (
                    <td key={table.columns[index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** From values to pixels. */
export function scale(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const span = from[1] - from[0];
  const factor = span === 0 ? 0 : (to[1] - to[0]) / span;
  return (value) => to[0] + (value - from[0]) * factor;
}

/** Round steps that cover 0 to `max`, about `count` of them. */
export function ticks(max: number, count = 4): number[] {
  if (max <= 0) return [0];
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough);
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** Schedule of activities as a grid: a row for each activity, a column for each study day; a tap adds a day or takes it away. */
import { weekdays } from '@limen/protocol';
import { Button, Group } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Scroll } from '../../frame/scroll.tsx';
import { useDraft } from '../draft-context.tsx';
import { valueAt } from '../value.ts';
import { type Grid, type GridRow, gridOf, toggleDay } from './days.ts';

const weekdayLetters = ['M', 'T', 'W', 'T', 'F', 'S', 'S'];
const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const daysPerWeek = 7;
/** Weeks beside one another; the others are a step away. */
const weeksShown = { desk: 4, phone: 1 } as const;

const steps: Readonly<Record<string, { readonly rows: number; readonly days: number; readonly pages?: true }>> = {
  ArrowRight: { rows: 0, days: 1 },
  ArrowLeft: { rows: 0, days: -1 },
  ArrowDown: { rows: 1, days: 0 },
  ArrowUp: { rows: -1, days: 0 },
  PageDown: { rows: 0, days: 1, pages: true },
  PageUp: { rows: 0, days: -1, pages: true },
};

type Cell = { readonly row: number; readonly day: number };

export function ScheduleGrid() {
  const { value, set, show } = useDraft();
  const grid = useMemo(() => gridOf(value), [value]);
  const narrow = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false });
  const shown = (narrow ? weeksShown.phone : weeksShown.desk) * daysPerWeek;
  const [at, setAt] = useState<Cell>({ row: 1, day: 1 });
  const [said, setSaid] = useState('');
  const table = useRef<HTMLTableElement>(null);
  const moved = useRef(false);

  const here = { row: Math.min(at.row, grid.rows.length - 1), day: Math.max(1, Math.min(at.day, grid.lastDay)) };
  const first = Math.floor((here.day - 1) / shown) * shown + 1;
  const days = Array.from({ length: Math.max(0, Math.min(shown, grid.lastDay - first + 1)) }, (_, day) => first + day);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    table.current?.querySelector<HTMLElement>(`[data-cell="${here.row}/${here.day}"]`)?.focus();
  });

  if (grid.lastDay === 0) return <p className="hint">The grid appears with the first epoch.</p>;

  const move = (row: number, day: number) => {
    moved.current = true;
    setAt({
      row: Math.max(0, Math.min(row, grid.rows.length - 1)),
      day: Math.max(1, Math.min(day, grid.lastDay)),
    });
  };
  const toggle = ({ row, day }: Cell) => {
    const line = grid.rows[row];
    if (line === undefined) return;
    if (line.index === null) {
      setSaid('Capsules follow the regimen under Dosing.');
      return;
    }
    const path = ['activities', line.index, 'on'];
    const toggled = toggleDay(line, valueAt(value, path), day);
    if (toggled.ok) set(path, toggled.regimen);
    setSaid(`${line.label}: ${toggled.said}`);
  };
  const open = (line: GridRow | undefined) => {
    if (line === undefined) return;
    show(line.index === null ? 'dosing.regimen' : `activities[${line.index}].label`);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, day } = here;
    const step = steps[event.key];
    if (step !== undefined) move(row + step.rows, day + step.days * (step.pages === true ? shown : 1));
    else if (event.key === 'Home') move(row, first);
    else if (event.key === 'End') move(row, days.at(-1) ?? day);
    else if (event.key === ' ') toggle(here);
    else if (event.key === 'Enter') open(grid.rows[row]);
    else return;
    event.preventDefault();
  };
  const weekOf = (day: number) => Math.floor((day - 1) / daysPerWeek) + 1;
  const last = days.at(-1) ?? first;

  return (
    <div className="grid-part">
      <Group gap="xs" mb="xs">
        <Button
          size="xs"
          variant="default"
          disabled={first === 1}
          onClick={() => setAt({ ...here, day: first - shown })}
        >
          Earlier
        </Button>
        <span className="note" aria-live="polite">
          {weekOf(first) === weekOf(last) ? `Week ${weekOf(first)}` : `Weeks ${weekOf(first)} to ${weekOf(last)}`}, day{' '}
          {first} to {last} of {grid.lastDay}
        </span>
        <Button
          size="xs"
          variant="default"
          disabled={last >= grid.lastDay}
          onClick={() => setAt({ ...here, day: first + shown })}
        >
          Later
        </Button>
      </Group>
      <Scroll label="Schedule of activities by day">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are moved through and changed is a grid */}
        <table ref={table} className="day-grid" role="grid" aria-label="Schedule of activities by day" onKeyDown={keys}>
          <GridHead grid={grid} days={days} />
          <tbody>
            {grid.rows.map((line, row) => (
              <tr key={line.index ?? 'dose'} className={line.index === null ? 'dose-row' : undefined}>
                <th scope="row">
                  <button type="button" className="row-name" tabIndex={-1} onClick={() => open(line)}>
                    {line.label}
                  </button>
                  {line.drawn && <span className="note">one draw of many</span>}
                </th>
                {days.map((day) => {
                  const on = line.days.has(day);
                  const within = line.epoch !== undefined && day >= line.epoch.firstDay && day <= line.epoch.lastDay;
                  const isHere = row === here.row && day === here.day;
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys for the cell that has the focus
                    <td
                      key={day}
                      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid
                      role="gridcell"
                      data-cell={`${row}/${day}`}
                      tabIndex={isHere ? 0 : -1}
                      aria-selected={on}
                      aria-label={`${line.label}, day ${day}${weekdayWords(grid, day)}: ${on ? 'asked' : within ? 'not asked' : 'outside the epoch'}`}
                      className={[on ? 'on' : '', within ? '' : 'outside'].join(' ').trim() || undefined}
                      onFocus={() => setAt({ row, day })}
                      onClick={() => {
                        move(row, day);
                        toggle({ row, day });
                      }}
                    >
                      {on ? '●' : ''}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p className="hint">
        Arrow keys move, Space adds or takes away a day, Enter opens the activity.
        {grid.startsOn === null && ' No weekday is set for the start; weekdays are shown as if it began on a Monday.'}
      </p>
      <p className="note" role="status">
        {said}
      </p>
    </div>
  );
}

function weekdayOf({ startsOn }: Grid, day: number): number {
  return ((startsOn === null ? 0 : weekdays.indexOf(startsOn)) + day - 1) % daysPerWeek;
}

const weekdayWords = (grid: Grid, day: number): string =>
  grid.startsOn === null ? '' : `, ${weekdayNames[weekdayOf(grid, day)]}`;

function GridHead({ grid, days }: { grid: Grid; days: readonly number[] }) {
  const [first = 1] = days;
  const last = days.at(-1) ?? first;
  const spans: { readonly key: string; readonly label: string; readonly span: number }[] = [];
  for (let day = first; day <= last; ) {
    const epoch = grid.epochs.find(({ firstDay, lastDay }) => day >= firstDay && day <= lastDay);
    const next = Math.min(...grid.epochs.map(({ firstDay }) => firstDay).filter((start) => start > day), last + 1);
    const until = epoch === undefined ? next - 1 : Math.min(epoch.lastDay, last);
    spans.push({ key: `${epoch?.id ?? 'none'}-${day}`, label: epoch?.label ?? '', span: until - day + 1 });
    day = until + 1;
  }
  return (
    <thead>
      <tr>
        <td />
        {spans.map(({ key, label, span }) => (
          <th key={key} scope="colgroup" colSpan={span} className="epoch-head">
            {label}
          </th>
        ))}
      </tr>
      <tr>
        <th scope="col">Activity</th>
        {days.map((day) => (
          <th key={day} scope="col" className={day % daysPerWeek === 1 ? 'week-start' : undefined}>
            {grid.startsOn !== null && <span className="note">{weekdayLetters[weekdayOf(grid, day)]}</span>}
            {day}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Schedule of activities: what happens in which epoch and how often. */

import { findInstrument } from '@limen/instruments';
import type { ProtocolDocument } from '@limen/protocol';
import { describeRegimen } from '@limen/protocol';
import { Panel } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { count } from '../../words/dates.ts';
import { purposeLabels } from '../../words/labels.ts';

type Line = {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  readonly epoch: string;
  readonly when: string;
};

export function ScheduleGrid({ document }: { document: ProtocolDocument }) {
  const { epochs, dosing, activities } = document;
  const lines: Line[] = [
    {
      id: 'dose',
      label: dosing.unitLabel,
      note: `${dosing.takeFrom} to ${dosing.takeUntil}`,
      epoch: dosing.epoch,
      when: describeRegimen(dosing.regimen),
    },
    ...activities.map(({ id, label, instrument, purpose, epoch, on, window, required }) => ({
      id,
      label,
      note: `${purposeLabels[purpose] ?? purpose}, ${findInstrument(instrument)?.texts.en.title ?? instrument}; ${window.opensAt} to ${window.closesAt}${window.closesAfterDays === 0 ? '' : ` ${count(window.closesAfterDays, 'day')} later`}${required ? '' : '; optional'}`,
      epoch,
      when: on === 'doseDays' ? 'on dose days' : describeRegimen(on),
    })),
  ];
  return (
    <Panel
      title="Schedule of activities"
      hint="Days count from the first day of each epoch. It is the same for every arm."
    >
      <Scroll label="Schedule of activities">
        <table className="schedule">
          <thead>
            <tr>
              <th scope="col">Activity</th>
              {epochs.map(({ id, label, firstDay, lastDay }) => (
                <th key={id} scope="col">
                  {label}
                  <span className="note">
                    day {firstDay} to {lastDay}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, label, note, epoch, when }) => (
              <tr key={id}>
                <th scope="row">
                  {label}
                  <span className="note">{note}</span>
                </th>
                {epochs.map((one) => (
                  <td key={one.id} className={one.id === epoch ? 'scheduled' : undefined}>
                    {one.id === epoch ? when : ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

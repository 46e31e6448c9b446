/** How many came how far: invited, screened, consented, randomised, and where they are now. */
import type { ReplyOf, routes } from '../../server/client.ts';
import { showNumber, showShare } from '../../words/dates.ts';

type Flow = ReplyOf<typeof routes.studyOverview>['flow'];

export function FlowStrip({ flow, planned }: { flow: Flow; planned: number }) {
  const steps = [
    { label: 'Invited', value: flow.invited, note: null },
    { label: 'Screened', value: flow.screened, note: `${showNumber(flow.ineligible)} not eligible` },
    { label: 'Consented', value: flow.consented, note: null },
    {
      label: 'Randomised',
      value: flow.randomised,
      note: `${showShare(flow.randomised, planned)} of ${showNumber(planned)} planned`,
    },
  ];
  const now = [
    { label: 'Dosing', value: flow.dosing },
    { label: 'On hold', value: flow.onHold },
    { label: 'Completed', value: flow.completed },
    { label: 'Withdrawn', value: flow.withdrawn },
  ];
  return (
    <section className="flow" aria-label="Flow of participants">
      <ol>
        {steps.map(({ label, value, note }) => (
          <li key={label}>
            <span className="flow-label">{label}</span>
            <span className="big">{showNumber(value)}</span>
            <span className="note">{note}</span>
          </li>
        ))}
      </ol>
      <dl>
        {now.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{showNumber(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The envelopes a participant packed: how far, when opened, what departs from the plan. What they hold is not known here. */
import { Panel } from '../../frame/page.tsx';
import { Tag } from '../../frame/tag.tsx';
import type { TimelineEntry } from '../../server/timeline.ts';
import { showInstant } from '../../words/dates.ts';
import { packingStory } from './packing-story.ts';

export function Packing({ entries }: { entries: readonly TimelineEntry[] }) {
  const story = packingStory(entries);
  if (story === null) return null;
  const { mode, steps, weights, weeks, seal, packers } = story;
  const hint = mode === 'helper' ? 'Another person packs; the participant scans and seals.' : 'The participant packs.';
  return (
    <Panel title="Envelopes" hint={`${hint} Nobody here can see what an envelope holds.`}>
      <dl className="facts">
        {steps.map(({ label, at, by }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{at === null ? 'not yet' : `${showInstant(at)} ${by}`.trim()}</dd>
          </div>
        ))}
        {weights !== null && (
          <div>
            <dt>Weights</dt>
            <dd>{weights.text}</dd>
          </div>
        )}
        {weeks.map(({ week, at }) => (
          <div key={week}>
            <dt>Week {week}</dt>
            <dd>{at === null ? 'not opened yet' : `opened ${showInstant(at)}`}</dd>
          </div>
        ))}
        <div>
          <dt>Seal of the leftovers</dt>
          <dd>{seal === null ? 'not looked at yet' : seal.text}</dd>
        </div>
      </dl>
      <ul className="findings">
        {weights?.findings.map((finding) => (
          <Remark key={finding} text={`Weighing: ${finding}.`} />
        ))}
        {weeks.flatMap(({ week, remarks }) =>
          remarks.map((remark) => <Remark key={`${week} ${remark}`} text={`Week ${week}: ${remark}.`} />),
        )}
        {seal !== null && !seal.fine && <Remark text={`The seal ${seal.text === 'torn' ? 'is torn' : seal.text}.`} />}
        {packers.length > 0 && (
          <Remark text="Somebody of the team packed for this person and is kept from rating them." />
        )}
      </ul>
    </Panel>
  );
}

function Remark({ text }: { text: string }) {
  return (
    <li>
      <Tag tone="watch">Look</Tag>
      <p>{text}</p>
    </li>
  );
}

/** Epochs: the stretches of study days a participant goes through. */
import { choices } from '../choices.ts';
import { ChoiceField, IdField, NumberField, Row, TextField } from '../fields.tsx';
import { ListField } from '../list-field.tsx';
import { weekdayChoices } from '../regimen-field.tsx';
import { freeId, isPlain, textOf } from '../value.ts';

const types = choices({
  runIn: 'Run-in',
  baseline: 'Baseline',
  dosing: 'Dosing',
  washout: 'Washout',
  followUp: 'Follow-up',
});

export function Epochs() {
  return (
    <>
      <ChoiceField
        path={['startsOn']}
        label="Day 1 falls on"
        choices={weekdayChoices}
        none="Any weekday"
        help="In the participant’s own time zone"
      />
      <ListField
        path={['epochs']}
        title="Epochs"
        help="Study days count from 1, the participant’s first day."
        noun="epoch"
        blank={(items) => nextEpoch(items)}
        nameOf={epochName}
      >
        {(path) => (
          <>
            <Row>
              <TextField path={[...path, 'label']} label="Name" />
              <IdField path={path} noun="epoch" />
            </Row>
            <Row>
              <ChoiceField path={[...path, 'type']} label="Type" choices={types} />
              <NumberField path={[...path, 'firstDay']} label="First study day" />
              <NumberField path={[...path, 'lastDay']} label="Last study day" />
            </Row>
          </>
        )}
      </ListField>
    </>
  );
}

/** A week right after the last epoch. */
function nextEpoch(items: readonly unknown[]) {
  const ends = items.map((item) => (isPlain(item) && typeof item.lastDay === 'number' ? item.lastDay : 0));
  const firstDay = Math.max(0, ...ends) + 1;
  return { id: freeId('epoch', items), label: '', type: 'followUp', firstDay, lastDay: firstDay + 6 };
}

function epochName(item: unknown): string {
  if (!isPlain(item)) return '';
  const name = textOf(item.label) || textOf(item.id);
  return `${name}, days ${String(item.firstDay ?? '?')} to ${String(item.lastDay ?? '?')}`;
}

/** Schedule of activities: which form is asked for on which days. */
import { holdVariables } from '@limen/protocol';
import { purposeLabels } from '../../words/labels.ts';
import { choices, instrumentChoices, itemsOf } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';
import { type Choice, ChoiceField, IdField, NumberField, Row, SomeField, TextField, YesField } from '../fields.tsx';
import { ListField, OptionalPart } from '../list-field.tsx';
import { ScheduleGrid } from '../parts/schedule-grid.tsx';
import { RegimenField, wordsOf } from '../regimen-field.tsx';
import { RuleField } from '../rule-field.tsx';
import { freeId, isPlain, listOf, type Path, textOf, valueAt } from '../value.ts';

const purposes = choices(purposeLabels);
/** What skip logic can look at. */
const skipVariables = holdVariables.filter((name) => ['latest', 'baseline', 'doses'].includes(name));

export function Schedule() {
  const { value } = useDraft();
  return (
    <>
      <ScheduleGrid />
      <ListField
        path={['activities']}
        title="Activities"
        noun="activity"
        blank={(items) => ({
          id: freeId('activity', items),
          label: '',
          instrument: 'daily-check-in',
          purpose: 'daily',
          epoch: textOf(valueAt(value, ['dosing', 'epoch'])),
          on: { kind: 'everyNDays', n: 1 },
          window: { opensAt: '18:00', closesAt: '23:59', closesAfterDays: 0, lateDays: 1 },
          after: [],
          required: true,
        })}
        nameOf={activityName}
      >
        {(path, item) => <Activity path={path} item={item} />}
      </ListField>
      <OptionalPart
        path={['burden']}
        title="Limit of a day"
        help="A day that asks for more is a finding."
        blank={{ minutesPerDay: 15 }}
      >
        <NumberField path={['burden', 'minutesPerDay']} label="Minutes a day at most" />
      </OptionalPart>
    </>
  );
}

function activityName(item: unknown): string {
  if (!isPlain(item)) return '';
  const days = wordsOf(item.on);
  return [textOf(item.label) || textOf(item.id), textOf(item.epoch), days ?? ''].filter(Boolean).join(' · ');
}

/** Activities that can fall on the same day. */
function sameEpoch(document: unknown, item: unknown): Choice[] {
  const { id, epoch } = isPlain(item) ? item : {};
  const others = listOf(valueAt(document, ['activities'])).filter(
    (one) => isPlain(one) && one.id !== id && one.epoch === epoch,
  );
  return itemsOf({ others }, 'others');
}

function Activity({ path, item }: { path: Path; item: unknown }) {
  const { value } = useDraft();
  const at = (...steps: string[]) => [...path, ...steps];
  return (
    <>
      <Row>
        <TextField path={at('label')} label="Name" />
        <IdField path={path} noun="activity" />
      </Row>
      <Row>
        <ChoiceField path={at('instrument')} label="Form" choices={instrumentChoices} />
        <ChoiceField path={at('purpose')} label="Purpose" choices={purposes} />
        <ChoiceField path={at('epoch')} label="Epoch" choices={itemsOf(value, 'epochs')} />
      </Row>
      <RegimenField path={at('on')} label="Days" doses />
      <Row>
        <TextField path={at('window', 'opensAt')} label="Opens at" kind="time" />
        <TextField path={at('window', 'closesAt')} label="Closes at" kind="time" />
      </Row>
      <Row>
        <NumberField path={at('window', 'closesAfterDays')} label="Closes after so many days" help="0: the same day" />
        <NumberField path={at('window', 'lateDays')} label="Accepted late for so many days" />
      </Row>
      <YesField path={at('required')} label="Required" otherwise />
      <SomeField
        path={at('after')}
        label="Comes after, on the same day"
        help="Outcomes come before the guess."
        choices={sameEpoch(value, item)}
        optional
      />
      <RuleField
        path={at('when')}
        label="Asked only if"
        help="Left out while this rule is false; what is unknown is asked."
        variables={skipVariables}
        optional
      />
    </>
  );
}

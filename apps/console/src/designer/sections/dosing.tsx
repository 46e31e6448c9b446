/** Dosing: on which days a capsule is taken, when, and what keeps two of them apart. */
import { choices, itemsOf } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';
import {
  ChoiceField,
  LinesField,
  LongTextField,
  NumberField,
  NumbersField,
  Row,
  SomeField,
  TextField,
} from '../fields.tsx';
import { OptionalPart } from '../list-field.tsx';
import { RegimenField, weekdayChoices } from '../regimen-field.tsx';

const missed = choices({
  skip: 'It is left out',
  window: 'It may be taken until the end of its day, and is marked late',
});
const closed = choices({ skip: 'Is left out', nextOpenDay: 'Moves to the next open day' });

export function Dosing() {
  const { value } = useDraft();
  const at = (...steps: string[]) => ['dosing', ...steps];
  return (
    <>
      <Row>
        <ChoiceField path={at('epoch')} label="Epoch" choices={itemsOf(value, 'epochs')} />
        <TextField path={at('unitLabel')} label="What participants call it" help="Says nothing of what it holds" />
      </Row>
      <RegimenField path={at('regimen')} label="Capsule days" />
      <Row>
        <TextField path={at('takeFrom')} label="Taken from" kind="time" />
        <TextField path={at('takeUntil')} label="Taken until" kind="time" />
      </Row>
      <ChoiceField
        path={at('missed')}
        label="A capsule not taken in time"
        choices={missed}
        help="It is never made up for: nobody takes two."
      />
      <Row>
        <NumberField path={at('minimumHoursBetween')} label="Least hours between two" />
        <NumberField path={at('maximumDoses')} label="Capsules at most" />
        <NumbersField
          path={at('shamDoses')}
          label="Sham capsules"
          help="Numbers that are placebo in every arm"
          optional
        />
      </Row>
      <OptionalPart
        path={at('observed')}
        title="Observed capsules"
        help="Taken at a site, while somebody watches."
        blank={{
          openOn: ['mon', 'tue', 'wed', 'thu', 'fri'],
          opensAt: '09:00',
          closesAt: '17:00',
          whenClosed: 'nextOpenDay',
        }}
      >
        <NumberField
          path={at('observed', 'firstDoses')}
          label="Only the first so many"
          help="Left empty: all of them"
          optional
        />
        <SomeField path={at('observed', 'openOn')} label="The site is open on" choices={weekdayChoices} />
        <Row>
          <TextField path={at('observed', 'opensAt')} label="Opens at" kind="time" />
          <TextField path={at('observed', 'closesAt')} label="Closes at" kind="time" />
        </Row>
        <LinesField
          path={at('observed', 'closedDates')}
          label="Closed dates"
          help="One a line, as 2026-12-24"
          optional
        />
        <ChoiceField path={at('observed', 'whenClosed')} label="A capsule of a closed day" choices={closed} />
      </OptionalPart>
      <OptionalPart
        path={at('titration')}
        title="Limits of a titration"
        help="The steps stand in the arms and nowhere else: nobody raises a dose on their own."
        blank={{ raisedBy: 'document', minimumDosesPerStep: 4, highestRank: 2, notTolerated: '' }}
      >
        <Row>
          <NumberField path={at('titration', 'minimumDosesPerStep')} label="Least capsules a step" />
          <NumberField path={at('titration', 'highestRank')} label="Highest rank" />
        </Row>
        <LongTextField path={at('titration', 'notTolerated')} label="When a dose is not tolerated" />
      </OptionalPart>
    </>
  );
}

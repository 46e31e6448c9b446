/** Which days: a regimen, built from others where one rule is not enough. */
import { describeRegimen, protocolSchema, type Regimen, weekdays } from '@limen/protocol';
import { useDraft, useField } from './draft-context.tsx';
import { type Choice, ChoiceField, NumberField, NumbersField, Row, SomeField } from './fields.tsx';
import { ListField } from './list-field.tsx';
import { isPlain, type Path } from './value.ts';

const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const weekdayChoices: readonly Choice[] = weekdays.map((value, index) => ({
  value,
  label: names[index] ?? value,
}));

type Kind = Regimen['kind'];
const kinds: Readonly<Record<Kind, { label: string; blank: Regimen }>> = {
  everyNDays: { label: 'Every so many days', blank: { kind: 'everyNDays', n: 3 } },
  weekdays: { label: 'On certain weekdays', blank: { kind: 'weekdays', days: ['mon', 'thu'] } },
  days: { label: 'On the days of a list', blank: { kind: 'days', days: [1] } },
  onOff: { label: 'Days on, days off', blank: { kind: 'onOff', on: 4, off: 3 } },
  alternating: { label: 'At distances that take turns', blank: { kind: 'alternating', gaps: [3, 4] } },
  drawn: { label: 'Weekdays drawn by lot', blank: { kind: 'drawn', perWeek: 2, from: ['mon', 'wed', 'fri'] } },
  cycles: {
    label: 'Weeks on, weeks off',
    blank: { kind: 'cycles', weeksOn: 4, weeksOff: 2, regimen: { kind: 'everyNDays', n: 3 } },
  },
  sequence: {
    label: 'One regimen after another',
    blank: { kind: 'sequence', parts: [{ days: 14, regimen: { kind: 'everyNDays', n: 3 } }] },
  },
  anyOf: { label: 'The days of several regimens', blank: { kind: 'anyOf', regimens: [{ kind: 'days', days: [1] }] } },
  except: {
    label: 'A regimen except certain days',
    blank: {
      kind: 'except',
      regimen: { kind: 'everyNDays', n: 1 },
      without: { kind: 'weekdays', days: ['sun'] },
    },
  },
  spaced: {
    label: 'A regimen with a least distance',
    blank: { kind: 'spaced', days: 3, regimen: { kind: 'weekdays', days: ['mon', 'wed', 'fri'] } },
  },
};
const doseDays = 'doseDays';
const regimenSchema = protocolSchema.shape.dosing.shape.regimen;

type Props = { path: Path; label: string; doses?: boolean; inner?: boolean };

export function RegimenField({ path, label, doses = false, inner = false }: Props) {
  const { set } = useDraft();
  const { value } = useField(path);
  const kind = value === doseDays ? doseDays : isPlain(value) ? value.kind : undefined;
  const choices = [
    ...(doses ? [{ value: doseDays, label: 'On the days of the capsules' }] : []),
    ...Object.entries(kinds).map(([name, { label: words }]) => ({ value: name, label: words })),
  ];
  const choose = (chosen: string) => {
    if (chosen === doseDays) set(path, doseDays);
    else if (Object.hasOwn(kinds, chosen)) set(path, blankFor(chosen as Kind, value));
  };
  return (
    <div className="regimen fields">
      <ChoiceField
        // A regimen is chosen as a whole; the field shows its kind.
        path={kind === doseDays ? path : [...path, 'kind']}
        label={label}
        choices={choices}
        onChoose={choose}
      />
      <Details path={path} kind={kind} />
      {!inner && <Words of={value} />}
    </div>
  );
}

/** What is there already goes into what is built around it. */
function blankFor(kind: Kind, before: unknown): unknown {
  const { blank } = kinds[kind];
  const read = regimenSchema.safeParse(before);
  if (!read.success) return blank;
  const regimen = read.data;
  switch (blank.kind) {
    case 'cycles':
    case 'spaced':
    case 'except':
      return { ...blank, regimen };
    case 'sequence':
      return { ...blank, parts: [{ days: 14, regimen }] };
    case 'anyOf':
      return { ...blank, regimens: [regimen] };
    default:
      return blank;
  }
}

/** A regimen in one sentence. One that is not finished yet has none. */
function Words({ of }: { of: unknown }) {
  const words = wordsOf(of);
  return (
    <p className="regimen-words" aria-live="polite">
      {words === undefined ? 'The sentence comes once every part is filled in.' : `In words: ${words}.`}
    </p>
  );
}

export function wordsOf(value: unknown): string | undefined {
  if (value === doseDays) return 'on the days of the capsules';
  const read = regimenSchema.safeParse(value);
  return read.success ? describeRegimen(read.data) : undefined;
}

function Details({ path, kind }: { path: Path; kind: unknown }) {
  const at = (...steps: (string | number)[]) => [...path, ...steps];
  switch (kind) {
    case 'everyNDays':
      return <NumberField path={at('n')} label="Distance in days" help="3: every third day, from the first day on" />;
    case 'onOff':
      return (
        <Row>
          <NumberField path={at('on')} label="Days on" />
          <NumberField path={at('off')} label="Days off" />
        </Row>
      );
    case 'weekdays':
      return <SomeField path={at('days')} label="Weekdays" choices={weekdayChoices} />;
    case 'drawn':
      return (
        <>
          <NumberField path={at('perWeek')} label="Days a week" />
          <SomeField path={at('from')} label="Drawn from" choices={weekdayChoices} />
        </>
      );
    case 'days':
      return (
        <NumbersField path={at('days')} label="Days" help="Counted from the first day of the epoch, such as 1, 8, 15" />
      );
    case 'alternating':
      return <NumbersField path={at('gaps')} label="Distances in days" help="3, 4: days 1, 4, 8, 11, 15 and so on" />;
    case 'cycles':
      return (
        <>
          <Row>
            <NumberField path={at('weeksOn')} label="Weeks on" />
            <NumberField path={at('weeksOff')} label="Weeks off" />
          </Row>
          <RegimenField path={at('regimen')} label="In the weeks on" inner />
        </>
      );
    case 'sequence':
      return (
        <ListField
          path={at('parts')}
          title="Parts"
          noun="part"
          blank={() => ({ days: 14, regimen: kinds.everyNDays.blank })}
          nameOf={(part) => (isPlain(part) ? `${String(part.days ?? '?')} days` : '')}
        >
          {(part) => (
            <>
              <NumberField path={[...part, 'days']} label="For so many days" />
              <RegimenField path={[...part, 'regimen']} label="Which days" inner />
            </>
          )}
        </ListField>
      );
    case 'anyOf':
      return (
        <ListField path={at('regimens')} title="Regimens" noun="regimen" blank={() => kinds.everyNDays.blank}>
          {(part) => <RegimenField path={part} label="Which days" inner />}
        </ListField>
      );
    case 'except':
      return (
        <>
          <RegimenField path={at('regimen')} label="The regimen" inner />
          <RegimenField path={at('without')} label="Except on" inner />
        </>
      );
    case 'spaced':
      return (
        <>
          <NumberField path={at('days')} label="Least distance in days" />
          <RegimenField path={at('regimen')} label="The regimen" inner />
        </>
      );
    default:
      return null;
  }
}

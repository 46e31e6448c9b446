/** Fields of a draft: each knows its place in the document, shows what is wrong there and keeps whatever is typed. */
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useField } from './draft-context.tsx';
import { listOf, type Path } from './value.ts';

export type FieldProps = {
  readonly path: Path;
  readonly label: string;
  readonly help?: ReactNode;
  /** Emptied, the field is taken out of the document. */
  readonly optional?: boolean;
};
export type Choice = { readonly value: string; readonly label: string };

export const asText = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

type Dress = { readonly written: string; readonly fault?: string | undefined; readonly remark?: string | undefined };

function dressed({ label, help, optional }: FieldProps, { written, fault, remark }: Dress) {
  return {
    label: optional === true ? `${label} (optional)` : label,
    description: help,
    error: fault ?? (remark === undefined ? undefined : <span className="remark">{remark}</span>),
    // Help stands below, so that the inputs of a row are on one line.
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    'data-path': written,
  };
}

const emptied = (props: FieldProps, typed: string) => (props.optional === true && typed === '' ? undefined : typed);

export function TextField(props: FieldProps & { kind?: 'text' | 'time' | 'date'; name?: boolean }) {
  const field = useField(props.path);
  return (
    <TextInput
      {...dressed(props, field)}
      type={props.kind ?? 'text'}
      spellCheck={props.name !== true}
      autoCapitalize={props.name === true ? 'none' : 'sentences'}
      value={asText(field.value)}
      onChange={({ currentTarget }) => field.type(emptied(props, currentTarget.value))}
    />
  );
}

/** The short name of an item, by which others point to it. */
export function IdField({ path, noun }: { path: Path; noun: string }) {
  return <TextField path={[...path, 'id']} label="Id" help={`A short name for the ${noun}, such as day-1`} name />;
}

export function LongTextField(props: FieldProps & { rows?: number }) {
  const field = useField(props.path);
  return (
    <Textarea
      {...dressed(props, field)}
      autosize
      minRows={props.rows ?? 2}
      maxRows={14}
      value={asText(field.value)}
      onChange={({ currentTarget }) => field.type(emptied(props, currentTarget.value))}
    />
  );
}

/** What was typed stays as it was typed, as long as it still says what stands in the document. */
function useTyped(value: unknown, show: (value: unknown) => string, read: (typed: string) => unknown) {
  const [typed, setTyped] = useState('');
  const same = JSON.stringify(read(typed)) === JSON.stringify(value);
  return [same ? typed : show(value), setTyped] as const;
}

/** What is no number goes into the document as it was typed, and is marked there. */
function readNumber(typed: string): unknown {
  const trimmed = typed.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : typed;
}

export function NumberField(props: FieldProps) {
  const field = useField(props.path);
  const [shown, setTyped] = useTyped(field.value, asText, readNumber);
  return (
    <TextInput
      {...dressed(props, field)}
      inputMode="decimal"
      value={shown}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        field.type(readNumber(currentTarget.value));
      }}
    />
  );
}

const readNumbers = (typed: string): unknown[] =>
  typed
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(readNumber);
const readLines = (typed: string): string[] => typed.split('\n').filter((line) => line !== '');

/** Several numbers in one line. */
export function NumbersField(props: FieldProps) {
  return <SeveralField {...props} read={readNumbers} joint=", " />;
}

/** Several texts, one a line. */
export function LinesField(props: FieldProps) {
  return <SeveralField {...props} read={readLines} joint={'\n'} lines />;
}

/** Several short names in one line. */
export function NamesField(props: FieldProps) {
  const read = (typed: string) => typed.split(/[\s,;]+/).filter((part) => part !== '');
  return <SeveralField {...props} read={read} joint=", " />;
}

function SeveralField(
  props: FieldProps & { read: (typed: string) => readonly unknown[]; joint: string; lines?: boolean },
) {
  const { read, joint } = props;
  const field = useField(props.path);
  const show = (list: unknown) => listOf(list).map(asText).join(joint);
  const [shown, setTyped] = useTyped(field.value, show, read);
  const change = ({ currentTarget }: { currentTarget: { value: string } }) => {
    const list = read(currentTarget.value);
    setTyped(currentTarget.value);
    field.type(props.optional === true && list.length === 0 ? undefined : list);
  };
  const common = { ...dressed(props, field), value: shown, onChange: change };
  return props.lines === true ? <Textarea {...common} autosize minRows={2} maxRows={10} /> : <TextInput {...common} />;
}

export function ChoiceField(
  props: FieldProps & {
    choices: readonly Choice[];
    /** What it is called when nothing is chosen; then the field may be left out. */
    none?: string;
    onChoose?: (value: string) => void;
  },
) {
  const { choices, none, onChoose } = props;
  const field = useField(props.path);
  const shown = asText(field.value);
  const known = choices.some(({ value }) => value === shown);
  const odd = known || (shown === '' && none !== undefined) ? [] : [{ value: shown, label: oddLabel(shown) }];
  return (
    <NativeSelect
      {...dressed(props, field)}
      data={[...odd, ...(none === undefined ? [] : [{ value: '', label: none }]), ...choices]}
      value={shown}
      onChange={({ currentTarget: { value } }) => {
        if (onChoose !== undefined) onChoose(value);
        else field.set(value === '' && none !== undefined ? undefined : value);
      }}
    />
  );
}

const oddLabel = (value: string) => (value === '' ? 'Choose' : `${value} (not known)`);

export function YesField(props: FieldProps & { otherwise?: boolean }) {
  const field = useField(props.path);
  return (
    <Checkbox
      label={props.label}
      description={props.help}
      error={field.fault}
      data-path={field.written}
      checked={(field.value ?? props.otherwise) === true}
      onChange={({ currentTarget }) => field.set(currentTarget.checked)}
    />
  );
}

/** Some of a few; kept in the order in which they are offered. */
export function SomeField(props: FieldProps & { choices: readonly Choice[] }) {
  const { choices, label, help, optional } = props;
  const { value, set, written, fault, remark } = useField(props.path);
  const chosen = listOf(value).map(asText);
  const odd = chosen.filter((one) => !choices.some((choice) => choice.value === one));
  const offered = [...choices, ...odd.map((one) => ({ value: one, label: oddLabel(one) }))];
  const toggle = (one: string, on: boolean) => {
    const next = offered.map((choice) => choice.value).filter((each) => (each === one ? on : chosen.includes(each)));
    set(next.length === 0 && optional === true ? undefined : next);
  };
  return (
    <fieldset className="some">
      <legend>{optional === true ? `${label} (optional)` : label}</legend>
      {help !== undefined && <p className="note">{help}</p>}
      <div className="some-list">
        {offered.map((choice, index) => (
          <Checkbox
            key={choice.value}
            label={choice.label}
            checked={chosen.includes(choice.value)}
            onChange={({ currentTarget }) => toggle(choice.value, currentTarget.checked)}
            {...(index === 0 ? { 'data-path': written } : {})}
          />
        ))}
      </div>
      {offered.length === 0 && <p className="note">There is nothing to choose from yet.</p>}
      {fault !== undefined && <p className="wrong">{fault}</p>}
      {fault === undefined && remark !== undefined && <p className="remark">{remark}</p>}
    </fieldset>
  );
}

/** Fields side by side where there is room. */
export const Row = ({ children }: { children: ReactNode }) => <div className="field-row">{children}</div>;

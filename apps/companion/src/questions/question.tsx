/** One question with its answer, whatever its kind. */
import type { Answer, OptionText, WordedItem } from '@limen/instruments';
import { words as texts } from '../words/index.ts';
import { ClockField, NumberField, TextField, TextListField } from './fields.tsx';
import { Rating } from './rating.tsx';

type Props = {
  worded: WordedItem;
  value: Answer;
  fault: string | null;
  ready: readonly number[];
  onValue: (value: Answer) => void;
};

export function Question({ worded, value, fault, ready, onValue }: Props) {
  const { item, words, options } = worded;
  const id = `q-${item.id}`;
  const describedBy = [words.help === undefined ? '' : `${id}-help`, fault === null ? '' : `${id}-fault`]
    .join(' ')
    .trim();
  const field = { id, value, describedBy, invalid: fault !== null, onValue };
  const optional = item.required ? null : <span class="optional"> {texts().common.mayStayEmpty}</span>;
  const help =
    words.help === undefined ? null : (
      <p class="hint" id={`${id}-help`}>
        {words.help}
      </p>
    );
  const faultLine =
    fault === null ? null : (
      <p class="fault" id={`${id}-fault`}>
        {fault}
      </p>
    );

  if (item.kind === 'choice' || item.kind === 'multi-choice') {
    return (
      <fieldset class="question" data-item={item.id} aria-describedby={describedBy || undefined}>
        <legend>
          {words.text}
          {optional}
        </legend>
        {help}
        {item.kind === 'choice' ? (
          <OneOf id={id} options={options} value={value} onValue={onValue} />
        ) : (
          <AnyOf id={id} options={options} value={value} exclusive={item.exclusive} onValue={onValue} />
        )}
        {faultLine}
      </fieldset>
    );
  }
  if (item.kind === 'rating') {
    return (
      <div class="question" data-item={item.id}>
        <p class="label">{words.text}</p>
        {help}
        <Rating
          id={id}
          label={words.text}
          low={words.low ?? '0'}
          high={words.high ?? '100'}
          value={typeof value === 'number' ? value : null}
          fault={fault}
          onValue={onValue}
        />
        {faultLine}
      </div>
    );
  }
  return (
    <div class="question" data-item={item.id}>
      <label class="label" for={id}>
        {words.text}
        {optional}
      </label>
      {help}
      {item.kind === 'number' ? <NumberField item={item} {...field} ready={ready} /> : null}
      {item.kind === 'text' ? <TextField item={item} {...field} /> : null}
      {item.kind === 'text-list' ? <TextListField item={item} {...field} /> : null}
      {item.kind === 'time' || item.kind === 'date' ? <ClockField item={item} {...field} /> : null}
      {faultLine}
    </div>
  );
}

type OptionProps = {
  id: string;
  options: readonly OptionText[];
  value: Answer;
  onValue: (value: Answer) => void;
};

const shortLabel = 10;

function optionsClass(options: readonly OptionText[]): string {
  const isShort = options.length <= 4 && options.every(({ label }) => label.length <= shortLabel);
  return isShort ? 'options short' : 'options';
}

export function OneOf({ id, options, value, onValue }: OptionProps) {
  return (
    <div class={optionsClass(options)}>
      {options.map((option) => (
        <label class="option" key={option.value}>
          <input type="radio" name={id} checked={value === option.value} onChange={() => onValue(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}

function AnyOf({ id, options, value, exclusive, onValue }: OptionProps & { exclusive: string | undefined }) {
  const chosen = Array.isArray(value) ? value : [];
  const toggle = (option: string) => {
    if (chosen.includes(option)) return onValue(chosen.filter((one) => one !== option));
    if (option === exclusive) return onValue([option]);
    const others = chosen.filter((one) => one !== exclusive);
    // In the order of the form, whatever the order of the taps.
    onValue(options.map(({ value: one }) => String(one)).filter((one) => one === option || others.includes(one)));
  };
  return (
    <div class="options many">
      {options.map((option) => {
        const name = String(option.value);
        return (
          <label class={name === exclusive ? 'option alone' : 'option'} key={name}>
            <input type="checkbox" name={id} checked={chosen.includes(name)} onChange={() => toggle(name)} />
            <span>{option.label}</span>
          </label>
        );
      })}
    </div>
  );
}

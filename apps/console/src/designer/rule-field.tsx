/** A rule as text, read as it is typed: what it looks at, or where it cannot be read. */
import { findInstrument } from '@limen/instruments';
import { compileRule, type RuleCompilation, screeningUnits } from '@limen/protocol';
import { Textarea } from '@mantine/core';
import { useId } from 'react';
import { useDraft, useField } from './draft-context.tsx';
import { asText, type FieldProps } from './fields.tsx';
import { valueAt } from './value.ts';

export function RuleField(props: FieldProps & { variables: readonly string[] }) {
  const { label, help, optional, variables } = props;
  const { value, type, written, remark } = useField(props.path);
  const id = useId();
  const text = asText(value);
  const screening = asText(valueAt(useDraft().value, ['population', 'screeningInstrument']));
  const compiled = compileRule(text, variables, screeningUnits(findInstrument(screening)));
  return (
    <div>
      <Textarea
        label={optional === true ? `${label} (optional)` : label}
        description={help}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        minRows={2}
        maxRows={12}
        spellCheck={false}
        autoCapitalize="none"
        classNames={{ input: 'code-input' }}
        value={text}
        data-path={written}
        aria-describedby={id}
        aria-invalid={text !== '' && !compiled.ok}
        onChange={({ currentTarget }) =>
          type(optional === true && currentTarget.value === '' ? undefined : currentTarget.value)
        }
      />
      <div id={id} className="rule-result">
        <Reading text={text} compiled={compiled} optional={optional === true} />
        {remark !== undefined && <p className="remark">{remark}</p>}
      </div>
    </div>
  );
}

function Reading({ text, compiled, optional }: { text: string; compiled: RuleCompilation; optional: boolean }) {
  if (text === '')
    return <p className={optional ? 'note' : 'wrong'}>{optional ? 'No rule.' : 'There is no rule yet.'}</p>;
  if (compiled.ok) {
    const paths = [...new Set(compiled.rule.paths.map(({ root, steps }) => [root, ...steps].join('.')))];
    return (
      <p className="right">The rule can be read. It looks at {paths.length === 0 ? 'nothing' : paths.join(', ')}.</p>
    );
  }
  return (
    <ul className="rule-faults">
      {compiled.problems.map(({ code, line, column, message }) => (
        <li key={`${code} ${line} ${column}`} className="wrong">
          Line {line}, column {column}: {message}
          <Pointer text={text} line={line} column={column} />
        </li>
      ))}
    </ul>
  );
}

const shownBefore = 24;
const shownAfter = 24;

/** The words around the fault, with the place marked. */
function Pointer({ text, line, column }: { text: string; line: number; column: number }) {
  const words = text.split('\n')[line - 1] ?? '';
  const at = column - 1;
  return (
    <code className="pointer">
      {at > shownBefore && '…'}
      {words.slice(Math.max(0, at - shownBefore), at)}
      <mark>{words.slice(at, at + 1) || ' '}</mark>
      {words.slice(at + 1, at + shownAfter)}
      {words.length > at + shownAfter && '…'}
    </code>
  );
}

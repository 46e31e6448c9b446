/** The document as text: every character of it, with the faults at their lines. */
import { Button } from '@mantine/core';
import { type UIEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { offsetOf, plainOf, type Remark } from './check.ts';
import { written } from './editing.ts';

export type Position = { readonly line: number; readonly column: number };

const pauseMs = 1_500;

type Props = {
  readonly text: string;
  readonly remarks: readonly Remark[];
  readonly write: (text: string, join?: string) => void;
  /** Ends the step that is being written. */
  readonly pause: () => void;
  /** Where the caret is to go; a new object is a new wish. */
  readonly wish: Position | null;
};

export function TextEditor({ text, remarks, write, pause, wish }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLPreElement>(null);
  const [caret, setCaret] = useState<Position>({ line: 1, column: 1 });
  const lines = text.split('\n').length;
  const faults = remarks.filter(({ at }) => at !== undefined);
  const faulty = new Set(faults.map(({ at }) => at?.line));
  const value = plainOf(text);
  const formatted = value === undefined ? text : written(value);

  const goTo = (position: Position) => {
    const field = area.current;
    if (field === null) return;
    const offset = offsetOf(field.value, position);
    field.focus();
    field.setSelectionRange(offset, offset);
    const height = field.scrollHeight / Math.max(1, field.value.split('\n').length);
    field.scrollTop = Math.max(0, (position.line - 1) * height - field.clientHeight / 2);
    setCaret(position);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new wish moves the caret
  useLayoutEffect(() => {
    if (wish !== null) goTo(wish);
  }, [wish]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every letter starts the pause anew
  useEffect(() => {
    const timer = setTimeout(pause, pauseMs);
    return () => clearTimeout(timer);
  }, [text]);

  const follow = ({ currentTarget }: UIEvent<HTMLTextAreaElement>) => {
    if (numbers.current !== null) numbers.current.scrollTop = currentTarget.scrollTop;
  };
  const readCaret = ({ currentTarget: { value: all, selectionStart } }: UIEvent<HTMLTextAreaElement>) => {
    const before = all.slice(0, selectionStart).split('\n');
    setCaret({ line: before.length, column: (before.at(-1) ?? '').length + 1 });
  };

  return (
    <div className="text-editor">
      <div className="text-editor-head">
        <p className="note">
          JSON in the format limen-protocol/1. Line {caret.line}, column {caret.column}
        </p>
        <Button
          size="xs"
          variant="default"
          disabled={value === undefined || formatted === text}
          onClick={() => write(formatted)}
        >
          Format
        </Button>
      </div>
      <div className="text-editor-room">
        <pre ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => (faulty.has(index + 1) ? `▸${index + 1}` : index + 1)).join(
            '\n',
          )}
        </pre>
        <textarea
          ref={area}
          aria-label="Text of the document"
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={({ currentTarget }) => write(currentTarget.value, 'text')}
          onScroll={follow}
          onSelect={readCaret}
        />
      </div>
      <div role="status">
        {faults.length === 0 ? (
          <p className="right">The text can be read as a protocol.</p>
        ) : (
          <ul className="text-faults">
            {faults.map(({ at, path, message, code }) => (
              <li key={`${code} ${path} ${at?.line} ${at?.column}`}>
                <button type="button" className="link-button" onClick={() => at !== undefined && goTo(at)}>
                  Line {at?.line}, column {at?.column}
                </button>
                : {message} {path !== '' && <code>{path}</code>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

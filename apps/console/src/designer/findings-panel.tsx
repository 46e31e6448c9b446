/** What the document's check reports, beside the document: by severity, each with its way to the field. */
import { Button, Group, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Tag } from '../frame/tag.tsx';
import { count } from '../words/dates.ts';
import type { Remark, Severity } from './check.ts';
import { useDraft } from './draft-context.tsx';
import { isPlain, listOf, valueAt } from './value.ts';

const groups = [
  { severity: 'error', title: 'Errors', tone: 'alarm', says: 'No study can be made of the draft while there is one.' },
  { severity: 'warning', title: 'Warnings', tone: 'watch', says: 'Somebody has to agree: mend it, or answer it.' },
  { severity: 'advice', title: 'Advice', tone: 'plain', says: 'Worth a thought.' },
] as const;

const keyOf = ({ code, path, message }: Remark) => `${code} ${path} ${message}`;
const openOf = (remarks: readonly Remark[], severity: Severity) =>
  remarks.filter((one) => one.severity === severity && one.answer === undefined);

/** How much there is of each, in words. */
export function countsOf(remarks: readonly Remark[]): string {
  if (remarks.every(({ answer }) => answer !== undefined)) return 'No findings';
  const [errors, warnings, advice] = groups.map(({ severity }) => openOf(remarks, severity).length);
  return [count(errors ?? 0, 'error'), count(warnings ?? 0, 'warning'), `${advice ?? 0} advice`].join(', ');
}

export function FindingsPanel({ fresh }: { fresh: boolean }) {
  const { remarks } = useDraft();
  const answered = remarks.filter(({ answer }) => answer !== undefined);
  return (
    <section className="findings-panel" id="findings" aria-label="Findings" aria-busy={!fresh}>
      <h2>Findings</h2>
      {remarks.length === 0 && <p className="hint">Nothing in the document stands out.</p>}
      {groups.map(({ severity, title, tone, says }) => {
        const list = openOf(remarks, severity);
        return list.length === 0 ? null : (
          <div key={severity} className="finding-group">
            <h3>
              {title} <Tag tone={tone}>{list.length}</Tag>
            </h3>
            <p className="note">{says}</p>
            <ul>
              {list.map((remark) => (
                <FindingLine key={keyOf(remark)} remark={remark} />
              ))}
            </ul>
          </div>
        );
      })}
      {answered.length > 0 && (
        <details className="finding-group">
          <summary>{count(answered.length, 'finding')} answered</summary>
          <ul>
            {answered.map((remark) => (
              <FindingLine key={keyOf(remark)} remark={remark} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function FindingLine({ remark }: { remark: Remark }) {
  const { show } = useDraft();
  const [answering, setAnswering] = useState(false);
  const { severity, path, message, source, at, answer } = remark;
  // Items of the standards have their own place to be answered in, one by one.
  const answerable = severity !== 'error' && remark.code !== 'reporting_item_empty';
  return (
    <li>
      <p>{message}</p>
      <button type="button" className="link-button mono" onClick={() => show(path, at)}>
        {path === '' ? `line ${at?.line ?? 1}, column ${at?.column ?? 1}` : path}
      </button>
      {source !== undefined && <p className="note">{source}</p>}
      {answer !== undefined && <p className="quote">{answer}</p>}
      {answerable && !answering && (
        <p>
          <button
            type="button"
            className="link-button"
            onClick={() => setAnswering(true)}
            aria-label={`${answer === undefined ? 'Answer' : 'Change the answer'}: ${message}`}
          >
            {answer === undefined ? 'Answer' : 'Change the answer'}
          </button>
        </p>
      )}
      {answering && <AnswerForm remark={remark} done={() => setAnswering(false)} />}
    </li>
  );
}

function AnswerForm({ remark: { code, path, answer, message }, done }: { remark: Remark; done: () => void }) {
  const { value, set } = useDraft();
  const [text, setText] = useState(answer ?? '');
  const others = listOf(valueAt(value, ['answers'])).filter(
    (one) => !isPlain(one) || one.code !== code || one.path !== path,
  );
  const record = (event: FormEvent) => {
    event.preventDefault();
    set(['answers'], [...others, { code, path, answer: text.trim() }]);
    done();
  };
  const takeBack = () => {
    set(['answers'], others.length === 0 ? undefined : others);
    done();
  };
  return (
    <form onSubmit={record} className="answer-form" data-own-undo>
      <Textarea
        label={`Answer to: ${message}`}
        labelProps={{ className: 'unseen' }}
        placeholder="Why it may stay as it is"
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        required
        data-autofocus
        autoFocus
      />
      <Group gap="xs" mt={6}>
        <Button size="xs" type="submit" disabled={text.trim() === ''}>
          Record the answer
        </Button>
        {answer !== undefined && (
          <Button size="xs" variant="subtle" color="clay" onClick={takeBack}>
            Take it back
          </Button>
        )}
        <Button size="xs" variant="default" onClick={done}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

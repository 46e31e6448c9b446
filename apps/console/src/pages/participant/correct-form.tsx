/** Corrects one answer: the old value stays in the record beside the new one and the reason. */
import { findInstrument, type WordedItem, wordedItems } from '@limen/instruments';
import { MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { showValue } from '../../frame/values.tsx';
import { routes } from '../../server/client.ts';
import type { TimelineEntry } from '../../server/timeline.ts';
import { ActForm } from './act-form.tsx';
import type { Detail } from './detail.ts';

type Props = {
  readonly detail: Detail;
  readonly submissions: readonly TimelineEntry[];
  /** The whole record: earlier corrections count. */
  readonly corrections: readonly TimelineEntry[];
  readonly done: () => void;
};
type Answer = number | string | string[];

export function CorrectForm({ detail, submissions, corrections, done }: Props) {
  const newest = [...submissions].reverse();
  const [submissionId, setSubmissionId] = useState(String(newest[0]?.data.submissionId ?? ''));
  const [item, setItem] = useState<string | null>(null);
  const [value, setValue] = useState<Answer | null>(null);
  const [reason, setReason] = useState('');
  const submission = newest.find(({ data }) => data.submissionId === submissionId);
  const labels = new Map(
    detail.schedule.map(({ occurrence, label, studyDay }) => [occurrence, `${label}, day ${studyDay}`]),
  );
  const instrument = findInstrument(String(submission?.data.instrument ?? ''));
  const items = instrument === undefined ? [] : wordedItems(instrument);
  const worded = items.find((one) => one.item.id === item);
  const answers = (submission?.data.answers ?? {}) as Readonly<Record<string, unknown>>;
  const corrected = corrections.findLast(
    ({ type, data }) => type === 'answer.corrected' && data.submissionId === submissionId && data.item === item,
  );
  const current = item === null ? undefined : (corrected?.data.to ?? answers[item]);
  const command = item === null || value === null ? null : { type: 'correct', submissionId, item, value, reason };
  return (
    <ActForm
      route={routes.correct}
      detail={detail}
      command={command}
      label="Correct"
      said="The answer is corrected."
      done={done}
    >
      <Select
        label="Answers"
        data={newest.map(({ data }) => ({
          value: String(data.submissionId),
          label: labels.get(String(data.occurrence)) ?? String(data.occurrence),
        }))}
        value={submissionId}
        onChange={(next) => {
          setSubmissionId(next ?? submissionId);
          setItem(null);
          setValue(null);
        }}
        searchable
        allowDeselect={false}
      />
      <Select
        label="Question"
        placeholder="Choose"
        data={items
          .filter(({ item: one }) => !(one.kind === 'text' && one.holds))
          .map((one) => ({ value: one.item.id, label: one.words.text }))}
        value={item}
        onChange={(next) => {
          setItem(next);
          setValue(null);
        }}
        searchable
      />
      {worded !== undefined && (
        <>
          <p className="hint">Recorded now: {wordOf(worded, current)}</p>
          <NewValue key={worded.item.id} worded={worded} value={value} onChange={setValue} />
        </>
      )}
      <ReasonField
        label="Reason"
        description="How you know that the recorded answer is wrong"
        value={reason}
        onChange={setReason}
      />
    </ActForm>
  );
}

function wordOf({ options }: WordedItem, value: unknown): string {
  const all = Array.isArray(value) ? value : [value];
  return all.map((one) => options.find((option) => option.value === one)?.label ?? showValue(one)).join(', ');
}

function NewValue({
  worded,
  value,
  onChange,
}: {
  worded: WordedItem;
  value: Answer | null;
  onChange: (value: Answer | null) => void;
}) {
  const { item, options } = worded;
  const data = options.map((option) => ({ value: String(option.value), label: option.label }));
  const optionFor = (text: string) => options.find((option) => String(option.value) === text)?.value;
  switch (item.kind) {
    case 'choice':
      return (
        <Select
          label="New answer"
          data={data}
          value={value === null ? null : String(value)}
          onChange={(text) => onChange(text === null ? null : (optionFor(text) ?? null))}
        />
      );
    case 'multi-choice':
      return (
        <MultiSelect label="New answer" data={data} value={Array.isArray(value) ? value : []} onChange={onChange} />
      );
    case 'rating':
    case 'number':
      return (
        <NumberInput
          label="New answer"
          description={
            item.kind === 'number' ? `${item.min} to ${item.max} ${item.unit}` : `${item.min} to ${item.max}`
          }
          min={item.min}
          max={item.max}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : null)}
        />
      );
    case 'text-list':
      return (
        <TextInput
          label="New answer"
          description="Separate several with commas"
          value={Array.isArray(value) ? value.join(',') : ''}
          onChange={(event) => onChange(event.currentTarget.value.split(',').map((one) => one.trimStart()))}
        />
      );
    default:
      return (
        <TextInput
          label="New answer"
          type={item.kind === 'text' ? 'text' : item.kind}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

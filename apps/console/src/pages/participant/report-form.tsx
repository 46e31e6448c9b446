/** An adverse event, reported by the team. */
import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { routes } from '../../server/client.ts';
import { todayIn } from '../../words/dates.ts';
import { gradeLabel } from '../../words/labels.ts';
import { ActForm } from './act-form.tsx';
import type { Detail } from './detail.ts';

const gradeNumbers = [1, 2, 3, 4, 5];

export function ReportForm({ detail, done }: { detail: Detail; done: () => void }) {
  const today = todayIn(detail.timeZone);
  const [term, setTerm] = useState('');
  const [onset, setOnset] = useState(today);
  const [grade, setGrade] = useState<string | null>(null);
  const [serious, setSerious] = useState(false);
  const [ongoing, setOngoing] = useState(true);
  const [note, setNote] = useState('');
  const command =
    grade === null || term === ''
      ? null
      : {
          type: 'reportAdverseEvent',
          term,
          onset,
          ongoing,
          grade: Number(grade),
          serious,
          ...(note === '' ? {} : { note }),
        };
  return (
    <ActForm
      route={routes.reportAdverseEvent}
      detail={detail}
      command={command}
      label="Report"
      said="The adverse event is reported."
      done={done}
    >
      <TextInput
        label="What happened"
        description="A few words, such as headache"
        value={term}
        onChange={(event) => setTerm(event.currentTarget.value)}
        maxLength={200}
        required
        withAsterisk={false}
        data-autofocus
      />
      <TextInput
        type="date"
        label="Onset"
        value={onset}
        max={today}
        onChange={(event) => setOnset(event.currentTarget.value)}
        required
        withAsterisk={false}
      />
      <Select
        label="Grade"
        placeholder="Choose"
        data={gradeNumbers.map((one) => ({ value: String(one), label: gradeLabel(one) }))}
        value={grade}
        onChange={setGrade}
        allowDeselect={false}
        required
        withAsterisk={false}
      />
      <Checkbox
        label="Serious"
        description="Death, danger to life, hospital, lasting disability, a birth defect, or medically important"
        checked={serious}
        onChange={(event) => setSerious(event.currentTarget.checked)}
      />
      <Checkbox
        label="Still going on"
        checked={ongoing}
        onChange={(event) => setOngoing(event.currentTarget.checked)}
      />
      <Textarea
        label="Note (optional)"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={4000}
        autosize
        minRows={2}
      />
    </ActForm>
  );
}

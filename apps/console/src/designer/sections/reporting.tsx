/** What the reporting standards ask for, item by item; and the written answers to findings. */
import { type ReportingItem, reportingItems } from '@limen/protocol';
import { NativeSelect, Textarea } from '@mantine/core';
import { Empty } from '../../frame/page.tsx';
import { Tag } from '../../frame/tag.tsx';
import { count } from '../../words/dates.ts';
import { choices } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';
import { LongTextField, Row, TextField } from '../fields.tsx';
import { ListField } from '../list-field.tsx';
import { isPlain, listOf, textOf, valueAt } from '../value.ts';

const listNames = { 'SPIRIT 2025': 'spirit', 'CONSORT 2025': 'consort' } as const;

export function Reporting() {
  const { protocol } = useDraft();
  if (protocol === undefined) {
    return (
      <Empty title="The items cannot be listed yet">
        They are held against the whole document. Mend what is marked as an error first.
      </Empty>
    );
  }
  const items = reportingItems(protocol);
  const stated = items.filter(({ status }) => status === 'stated');
  const own = items.filter(({ status }) => status !== 'stated');
  const open = own.filter(({ status }) => status === 'empty').length;
  return (
    <>
      <p className="hint" data-path="reporting" tabIndex={-1}>
        {open === 0 ? 'Every item is answered.' : `${count(open, 'item')} still to be answered.`} Topics are in our own
        words; hold the numbers against the published checklists before the protocol is submitted.
      </p>
      {(['SPIRIT 2025', 'CONSORT 2025'] as const).map((standard) => (
        <div key={standard} className="items">
          <h3>{standard}</h3>
          {own
            .filter((one) => one.standard === standard)
            .map((one) => (
              <Item key={one.item} of={one} />
            ))}
        </div>
      ))}
      <details className="item">
        <summary>
          <span className="item-name">{count(stated.length, 'item')} said by other sections</span>
        </summary>
        <ul className="item-fields faults">
          {stated.map(({ standard, item, topic }) => (
            <li key={`${standard} ${item}`}>
              {standard}, {item}: {topic}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

const kinds = choices({ says: 'It is said here', notApplicable: 'It does not apply, because' });

function Item({ of: { standard, item, topic, status } }: { of: ReportingItem }) {
  const { value, type } = useDraft();
  const name = listNames[standard];
  const path = ['reporting', name];
  const entries = listOf(valueAt(value, path));
  const index = entries.findIndex((one) => isPlain(one) && one.item === item);
  const entry = index === -1 ? undefined : entries[index];
  const kind = isPlain(entry) && entry.notApplicable !== undefined ? 'notApplicable' : 'says';
  const words = textOf(valueAt(entry, [kind]));
  const write = (next: string, as: string) => {
    const written = next === '' && as === 'says' ? [] : [{ item, [as]: next }];
    const list = index === -1 ? [...entries, ...written] : entries.toSpliced(index, 1, ...written);
    const reporting = valueAt(value, ['reporting']);
    type(['reporting'], { spirit: [], ...(isPlain(reporting) ? reporting : {}), [name]: list }, `${name} ${item}`);
  };
  return (
    <details className="item">
      <summary data-path={`reporting.${name}.${item}`}>
        <span className="item-name">
          {item}: {topic}
        </span>
        <Tag tone={status === 'empty' ? 'watch' : 'good'}>
          {status === 'empty' ? 'Open' : status === 'answered' ? 'Answered' : 'Does not apply'}
        </Tag>
      </summary>
      <div className="item-fields fields">
        <NativeSelect
          label={`Item ${item}`}
          data={kinds}
          value={kind}
          onChange={({ currentTarget }) => write(words, currentTarget.value)}
        />
        <Textarea
          label={kind === 'says' ? 'What the document says' : 'Why it does not apply'}
          autosize
          minRows={2}
          value={words}
          onChange={({ currentTarget }) => write(currentTarget.value, kind)}
        />
      </div>
    </details>
  );
}

export function Answers() {
  const { remarks } = useDraft();
  return (
    <ListField
      path={['answers']}
      title="Answers to findings"
      help="Warnings and advice that somebody has looked at. They are answered beside the findings; here they can be read together."
      noun="answer"
      optional
      blank={() => ({ code: '', path: '', answer: '' })}
      nameOf={(item) => (isPlain(item) ? `${textOf(item.code)} ${textOf(item.path)}`.trim() : '')}
    >
      {(path, item) => {
        const found = remarks.find((one) => isPlain(item) && one.code === item.code && one.path === item.path);
        return (
          <>
            <p className="note">{found?.message ?? 'The finding it answers is no longer there.'}</p>
            <LongTextField path={[...path, 'answer']} label="Answer" />
            <Row>
              <TextField path={[...path, 'code']} label="Finding" name />
              <TextField path={[...path, 'path']} label="Place" name />
            </Row>
          </>
        );
      }}
    </ListField>
  );
}

/** Consent: what people read, are asked and choose before they sign. */
import { useDraft } from '../draft-context.tsx';
import { IdField, LinesField, LongTextField, NumberField, Row, TextField, YesField } from '../fields.tsx';
import { ListField } from '../list-field.tsx';
import { freeId, isPlain, type Path, textOf, valueAt } from '../value.ts';

export function Consent() {
  const { value } = useDraft();
  return (
    <ListField
      path={['consent']}
      title="Versions of the consent text"
      help="One for each language and each version."
      noun="version"
      blank={() => ({
        version: '1.0',
        language: textOf(valueAt(value, ['language'])),
        title: '',
        sections: [{ id: 'section-1', heading: '', text: '' }],
        comprehension: [],
        choices: [],
      })}
      nameOf={(item) =>
        isPlain(item) ? `${textOf(item.title) || 'Untitled'}, ${textOf(item.version)}, ${textOf(item.language)}` : ''
      }
    >
      {(path) => <Version path={path} />}
    </ListField>
  );
}

function Version({ path }: { path: Path }) {
  const at = (field: string) => [...path, field];
  return (
    <>
      <TextField path={at('title')} label="Title" />
      <Row>
        <TextField path={at('version')} label="Version" help="Such as 1.0" name />
        <TextField path={at('language')} label="Language" name />
      </Row>
      <Row>
        <TextField path={at('effectiveOn')} label="First day of use" kind="date" optional />
        <TextField path={at('replaces')} label="Takes the place of version" name optional />
      </Row>
      <ListField
        path={at('sections')}
        title="Sections"
        noun="section"
        blank={(items) => ({ id: freeId('section', items), heading: '', text: '' })}
      >
        {(section) => (
          <>
            <Row>
              <TextField path={[...section, 'heading']} label="Heading" />
              <IdField path={section} noun="section" />
            </Row>
            <LongTextField path={[...section, 'text']} label="Text" help="An empty line starts a paragraph" rows={5} />
          </>
        )}
      </ListField>
      <ListField
        path={at('comprehension')}
        title="Questions of understanding"
        noun="question"
        optional
        blank={(items) => ({
          id: freeId('question', items),
          question: '',
          options: ['', ''],
          correct: 0,
          explanation: '',
        })}
      >
        {(question) => (
          <>
            <LongTextField path={[...question, 'question']} label="Question" />
            <LinesField path={[...question, 'options']} label="Options" help="One a line" />
            <Row>
              <NumberField path={[...question, 'correct']} label="Right option" help="0 is the first" />
              <IdField path={question} noun="question" />
            </Row>
            <LongTextField path={[...question, 'explanation']} label="Explanation" />
          </>
        )}
      </ListField>
      <ListField
        path={at('choices')}
        title="Choices"
        noun="choice"
        optional
        blank={(items) => ({ id: freeId('choice', items), label: '', required: false })}
      >
        {(choice) => (
          <>
            <LongTextField path={[...choice, 'label']} label="What is agreed to" />
            <IdField path={choice} noun="choice" />
            <YesField path={[...choice, 'required']} label="Required for taking part" />
          </>
        )}
      </ListField>
    </>
  );
}

/** Population and eligibility: who takes part, and who decides it by which answers. */
import { eligibilityVariables } from '@limen/protocol';
import { choices, instrumentChoices } from '../choices.ts';
import { ChoiceField, IdField, LongTextField, NumberField, Row, TextField } from '../fields.tsx';
import { ListField } from '../list-field.tsx';
import { RuleField } from '../rule-field.tsx';
import { freeId } from '../value.ts';

const kinds = choices({
  inclusion: 'Inclusion: has to be met',
  exclusion: 'Exclusion: keeps a person out',
});

export function Population() {
  const at = (field: string) => ['population', field];
  return (
    <>
      <LongTextField path={at('description')} label="Who takes part" rows={3} />
      <Row>
        <NumberField path={at('plannedSampleSize')} label="Planned number of participants" />
        <ChoiceField
          path={at('screeningInstrument')}
          label="Screening form"
          help="Its answers decide on eligibility"
          choices={instrumentChoices}
        />
      </Row>
      <ListField
        path={at('eligibility')}
        title="Criteria"
        help="What is not answered leaves a criterion open; it never counts as met."
        noun="criterion"
        blank={(items) => ({ id: freeId('criterion', items), kind: 'exclusion', label: '', rule: '', reason: '' })}
      >
        {(path) => (
          <>
            <TextField path={[...path, 'label']} label="Name" />
            <Row>
              <ChoiceField path={[...path, 'kind']} label="Kind" choices={kinds} />
              <IdField path={path} noun="criterion" />
            </Row>
            <RuleField
              path={[...path, 'rule']}
              label="Rule"
              help="Over screening and interactions, such as screening.age >= 18"
              variables={eligibilityVariables}
            />
            <LongTextField path={[...path, 'reason']} label="What the person is told when this decides" />
            <TextField path={[...path, 'source']} label="Source" optional />
          </>
        )}
      </ListField>
    </>
  );
}

/** Safety: hold rules, rules that pause the study, medicines, contacts. */
import { holdVariables } from '@limen/protocol';
import { choices } from '../choices.ts';
import { useField } from '../draft-context.tsx';
import {
  ChoiceField,
  IdField,
  LinesField,
  LongTextField,
  NamesField,
  NumberField,
  Row,
  TextField,
} from '../fields.tsx';
import { ListField, OptionalPart } from '../list-field.tsx';
import { RuleField } from '../rule-field.tsx';
import { freeId, isPlain, type Path } from '../value.ts';

const effects = choices({
  hold: 'Holds dosing until somebody resumes',
  stop: 'Ends dosing for good',
  review: 'Tells somebody, who looks',
});
const severities = choices({ urgent: 'Urgent', prompt: 'Prompt', routine: 'Routine' });

export function Safety() {
  return (
    <>
      <ListField
        path={['safety', 'holdRules']}
        title="Hold rules"
        help="Looked at with every answer, in the same step that stores it."
        noun="rule"
        blank={(items) => ({
          id: freeId('rule', items),
          label: '',
          rule: '',
          effect: 'review',
          severity: 'prompt',
          participantMessage: '',
        })}
      >
        {(path) => (
          <>
            <Row>
              <TextField path={[...path, 'label']} label="Name" />
              <IdField path={path} noun="rule" />
            </Row>
            <RuleField
              path={[...path, 'rule']}
              label="Rule"
              help="Over latest, baseline, flags, adverseEvent and doses"
              variables={holdVariables}
            />
            <Row>
              <ChoiceField path={[...path, 'effect']} label="What it does" choices={effects} />
              <ChoiceField path={[...path, 'severity']} label="Severity" choices={severities} />
            </Row>
            <LongTextField
              path={[...path, 'participantMessage']}
              label="What the participant reads"
              help="Neutral words that do not depend on the arm"
            />
            <TextField path={[...path, 'source']} label="Source" optional />
          </>
        )}
      </ListField>
      <ListField
        path={['safety', 'stoppingRules']}
        title="Rules that pause the study"
        help="Counts are pooled over all arms."
        noun="rule"
        optional
        blank={(items) => ({ kind: 'count', id: freeId('pause', items), label: '', event: 'serious', atLeast: 1 })}
      >
        {(path) => <StoppingRule path={path} />}
      </ListField>
      <Medication />
      <ListField
        path={['safety', 'contacts']}
        title="Contacts for participants"
        noun="contact"
        optional
        blank={() => ({ label: '', hours: '' })}
      >
        {(path) => (
          <Row>
            <TextField path={[...path, 'label']} label="Name" />
            <TextField path={[...path, 'phone']} label="Telephone" name optional />
            <TextField path={[...path, 'hours']} label="Hours" />
          </Row>
        )}
      </ListField>
    </>
  );
}

const stopKinds = choices({ count: 'At so many events', rate: 'When a rate is too likely above a limit' });
const rateEvents = {
  relatedGrade3: 'Related event of grade 3 or more',
  serious: 'Serious adverse event',
  stoppedForAdverseEvent: 'Stopped for an adverse event',
};

function StoppingRule({ path }: { path: Path }) {
  const field = useField(path);
  const at = (...steps: string[]) => [...path, ...steps];
  const known = isPlain(field.value) ? field.value : {};
  const choose = (kind: string) => {
    const { id, label, event } = known;
    const common = { kind, id, label, event };
    if (kind === 'count') field.set({ ...common, atLeast: 1 });
    else {
      field.set({ ...common, limit: 0.1, probability: 0.9, prior: { alpha: 1, beta: 9 }, minimumExposed: 10 });
    }
  };
  return (
    <>
      <Row>
        <TextField path={at('label')} label="Name" />
        <IdField path={path} noun="rule" />
      </Row>
      <ChoiceField path={at('kind')} label="When the study pauses" choices={stopKinds} onChoose={choose} />
      <ChoiceField
        path={at('event')}
        label="Event"
        choices={choices(known.kind === 'rate' ? rateEvents : { ...rateEvents, death: 'Death' })}
      />
      {known.kind === 'count' && <NumberField path={at('atLeast')} label="Events" />}
      {known.kind === 'rate' && (
        <>
          <Row>
            <NumberField path={at('limit')} label="Limit of the rate" help="Between 0 and 1" />
            <NumberField path={at('probability')} label="Probability" help="Between 0 and 1" />
            <NumberField path={at('minimumExposed')} label="Asked from so many people on" />
          </Row>
          <Row>
            <NumberField path={at('prior', 'alpha')} label="Prior: alpha" />
            <NumberField path={at('prior', 'beta')} label="Prior: beta" />
          </Row>
        </>
      )}
      <TextField path={at('source')} label="Source" optional />
    </>
  );
}

const blankMedicine = (items: readonly unknown[]) => ({ id: freeId('medicine', items), label: '', reason: '' });

function Medication() {
  return (
    <OptionalPart
      path={['medication']}
      title="Medicines"
      help="The document’s own list. It adds to what is known of interactions and takes nothing away."
      blank={{ prohibited: [], cautioned: [] }}
    >
      <ListField path={['medication', 'prohibited']} title="Not allowed" noun="medicine" blank={blankMedicine}>
        {(path) => <Medicine path={path} />}
      </ListField>
      <ListField
        path={['medication', 'cautioned']}
        title="Allowed with a measure"
        noun="medicine"
        blank={(items) => ({ ...blankMedicine(items), measure: '' })}
      >
        {(path) => (
          <>
            <Medicine path={path} />
            <LongTextField path={[...path, 'measure']} label="What is done when somebody takes it" />
          </>
        )}
      </ListField>
      <LongTextField path={['medication', 'otherwise']} label="Of everything else" optional />
    </OptionalPart>
  );
}

function Medicine({ path }: { path: Path }) {
  return (
    <>
      <Row>
        <TextField path={[...path, 'label']} label="Name" />
        <IdField path={path} noun="group" />
        <NumberField path={[...path, 'washoutDays']} label="Days after the last intake" optional />
      </Row>
      <NamesField path={[...path, 'classes']} label="Interaction classes" help="Such as lithium, maoi" optional />
      <LinesField path={[...path, 'names']} label="Names" help="One a line" optional />
      <LongTextField path={[...path, 'reason']} label="Why" />
      <TextField path={[...path, 'source']} label="Source" optional />
    </>
  );
}

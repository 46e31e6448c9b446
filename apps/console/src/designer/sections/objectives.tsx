/** Objectives and estimands: the question, and exactly what is to be estimated. */
import { choices, itemsOf, levels } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';
import { ChoiceField, IdField, LongTextField, Row, SomeField, TextField } from '../fields.tsx';
import { ListField } from '../list-field.tsx';
import { freeId } from '../value.ts';

const events = choices({
  stoppedCapsules: 'Stopped taking capsules',
  hold: 'A hold',
  newMedicine: 'A new medicine',
  otherPsychedelic: 'Another psychedelic',
  emergencyUnblinding: 'Emergency code break',
  believedAllocation: 'A belief about the allocation',
  death: 'Death',
});
const strategies = choices({
  treatmentPolicy: 'Treatment policy: counts whatever happens',
  hypothetical: 'Hypothetical: as if it had not happened',
  composite: 'Composite: it is part of the outcome',
  whileOnTreatment: 'While on treatment: until it happens',
  principalStratum: 'Principal stratum: only those it would not happen to',
});

export function Objectives() {
  const { value } = useDraft();
  const endpoints = itemsOf(value, 'analysis', 'endpoints');
  return (
    <>
      <ListField
        path={['objectives']}
        title="Objectives"
        noun="objective"
        blank={(items) => ({ id: freeId('objective', items), level: 'secondary', text: '', endpoints: [] })}
      >
        {(path) => (
          <>
            <LongTextField path={[...path, 'text']} label="Question" />
            <Row>
              <ChoiceField path={[...path, 'level']} label="Level" choices={levels} />
              <IdField path={path} noun="objective" />
            </Row>
            <SomeField path={[...path, 'endpoints']} label="Endpoints that answer it" choices={endpoints} />
          </>
        )}
      </ListField>
      <ListField
        path={['estimands']}
        title="Estimands"
        help="The five attributes of ICH E9(R1), for one endpoint each."
        noun="estimand"
        optional
        blank={(items) => ({
          id: freeId('estimand', items),
          endpoint: endpoints[0]?.value ?? '',
          treatment: '',
          population: '',
          variable: '',
          intercurrentEvents: [],
          summary: '',
        })}
      >
        {(path) => (
          <>
            <Row>
              <ChoiceField path={[...path, 'endpoint']} label="Endpoint" choices={endpoints} />
              <IdField path={path} noun="estimand" />
            </Row>
            <LongTextField path={[...path, 'treatment']} label="Treatment" help="What is compared with what" />
            <LongTextField path={[...path, 'population']} label="Population" />
            <LongTextField path={[...path, 'variable']} label="Variable" />
            <LongTextField
              path={[...path, 'summary']}
              label="Population-level summary"
              help="Such as a difference in means"
            />
            <ListField
              path={[...path, 'intercurrentEvents']}
              title="Intercurrent events"
              noun="event"
              blank={() => ({ event: 'stoppedCapsules', strategy: 'treatmentPolicy' })}
              nameOf={eventName}
            >
              {(event) => (
                <>
                  <Row>
                    <ChoiceField path={[...event, 'event']} label="Event" choices={events} />
                    <ChoiceField path={[...event, 'strategy']} label="Strategy" choices={strategies} />
                  </Row>
                  <TextField path={[...event, 'reason']} label="Why" optional />
                </>
              )}
            </ListField>
          </>
        )}
      </ListField>
    </>
  );
}

function eventName(item: unknown): string {
  const event = (item as { event?: unknown } | null)?.event;
  return events.find(({ value }) => value === event)?.label ?? '';
}

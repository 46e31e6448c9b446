/** Interventions and arms: what capsules can hold, and which arm gets which. */
import { choices, itemsOf } from '../choices.ts';
import { useDraft, useField } from '../draft-context.tsx';
import { ChoiceField, IdField, LongTextField, NumberField, Row, TextField } from '../fields.tsx';
import { ListField, OptionalPart } from '../list-field.tsx';
import { freeId, isPlain, type Path, textOf, valueAt } from '../value.ts';
import { CrossoverOrders } from './crossover-orders.tsx';

const sorts = choices({ active: 'Active', placebo: 'Placebo' });
const units = choices({ µg: 'µg', mg: 'mg', g: 'g' });
const contents = choices({
  constant: 'The same in every capsule',
  drawn: 'Drawn capsule by capsule',
  steps: 'Changes with the number of the capsule',
});

export function Arms() {
  const { value } = useDraft();
  const first = itemsOf(value, 'interventions')[0]?.value ?? '';
  return (
    <>
      <ListField
        path={['interventions']}
        title="Interventions"
        help="What a capsule can hold. To participants they all look and are called the same."
        noun="intervention"
        blank={(items) => ({ id: freeId('intervention', items), label: '', role: 'placebo', description: '' })}
      >
        {(path) => <Intervention path={path} />}
      </ListField>
      <ListField
        path={['arms']}
        title="Arms"
        noun="arm"
        blank={(items) => ({
          id: freeId('arm', items),
          label: '',
          weight: 1,
          description: '',
          content: { kind: 'constant', intervention: first },
        })}
      >
        {(path) => (
          <>
            <Row>
              <TextField path={[...path, 'label']} label="Name" />
              <IdField path={path} noun="arm" />
              <NumberField path={[...path, 'weight']} label="Weight" help="1 and 1: equal arms" />
            </Row>
            <LongTextField path={[...path, 'description']} label="Description" />
            <Content path={[...path, 'content']} />
          </>
        )}
      </ListField>
      <CrossoverOrders />
    </>
  );
}

function Intervention({ path }: { path: Path }) {
  return (
    <>
      <Row>
        <TextField path={[...path, 'label']} label="Name" />
        <IdField path={path} noun="intervention" />
        <ChoiceField path={[...path, 'role']} label="Role" choices={sorts} />
      </Row>
      <LongTextField path={[...path, 'description']} label="Description" />
      <ListField
        path={[...path, 'substances']}
        title="Substances"
        noun="substance"
        optional
        blank={() => ({ substance: '', dose: { min: '', max: '', unit: 'µg', form: '' } })}
        nameOf={substanceName}
      >
        {(substance) => (
          <>
            <Row>
              <TextField path={[...substance, 'substance']} label="Substance" help="Such as lsd or psilocybin" name />
              <TextField path={[...substance, 'dose', 'form']} label="Form" help="Such as lsd-base" name />
            </Row>
            <Row>
              <NumberField path={[...substance, 'dose', 'min']} label="Smallest dose" />
              <NumberField path={[...substance, 'dose', 'max']} label="Largest dose" />
              <ChoiceField path={[...substance, 'dose', 'unit']} label="Unit" choices={units} />
            </Row>
          </>
        )}
      </ListField>
      <OptionalPart
        path={[...path, 'level']}
        title="Rung of a titration"
        help="Interventions of one ladder differ in dose alone."
        blank={{ ladder: 'ladder', rank: 1 }}
      >
        <Row>
          <TextField path={[...path, 'level', 'ladder']} label="Ladder" name />
          <NumberField path={[...path, 'level', 'rank']} label="Rank" />
        </Row>
      </OptionalPart>
      <OptionalPart
        path={[...path, 'activePlacebo']}
        title="Active placebo"
        help="Felt, and not the substance under study."
        blank={{ agent: '', amount: '', reason: '' }}
      >
        <Row>
          <TextField path={[...path, 'activePlacebo', 'agent']} label="Agent" />
          <TextField path={[...path, 'activePlacebo', 'amount']} label="Amount" />
        </Row>
        <LongTextField path={[...path, 'activePlacebo', 'reason']} label="Why this one" />
      </OptionalPart>
      <OptionalPart
        path={[...path, 'outsideWindow']}
        title="A dose outside the micro-dose window"
        blank={{ reason: '', source: '' }}
      >
        <LongTextField path={[...path, 'outsideWindow', 'reason']} label="Why it is given all the same" />
        <TextField path={[...path, 'outsideWindow', 'source']} label="Source" />
      </OptionalPart>
    </>
  );
}

function substanceName(item: unknown): string {
  const [substance, form] = [textOf(valueAt(item, ['substance'])), textOf(valueAt(item, ['dose', 'form']))];
  return form === '' ? substance : `${substance} (${form})`;
}

function Content({ path }: { path: Path }) {
  const { value } = useDraft();
  const field = useField(path);
  const interventions = itemsOf(value, 'interventions');
  const of = (role: string) =>
    interventions.find((one) => {
      const list = valueAt(value, ['interventions']);
      return Array.isArray(list) && list.some((item) => isPlain(item) && item.id === one.value && item.role === role);
    })?.value ?? '';
  const blanks: Readonly<Record<string, unknown>> = {
    constant: { kind: 'constant', intervention: of('placebo') },
    drawn: { kind: 'drawn', active: of('active'), placebo: of('placebo') },
    steps: { kind: 'steps', steps: [{ fromDose: 1, intervention: of('placebo') }] },
  };
  const kind = isPlain(field.value) ? field.value.kind : undefined;
  return (
    <>
      <ChoiceField
        path={[...path, 'kind']}
        label="What its capsules hold"
        choices={contents}
        onChoose={(chosen) => field.set(blanks[chosen])}
      />
      {kind === 'constant' && (
        <ChoiceField path={[...path, 'intervention']} label="Intervention" choices={interventions} />
      )}
      {kind === 'drawn' && (
        <Row>
          <ChoiceField path={[...path, 'active']} label="Active" choices={interventions} />
          <ChoiceField path={[...path, 'placebo']} label="Placebo" choices={interventions} />
        </Row>
      )}
      {kind === 'steps' && (
        <ListField
          path={[...path, 'steps']}
          title="Steps"
          help="Each holds from its capsule on until the next; the first begins with capsule 1."
          noun="step"
          blank={(items) => ({ fromDose: items.length * 4 + 1, intervention: of('placebo') })}
          nameOf={(step) =>
            isPlain(step) ? `From capsule ${String(step.fromDose ?? '?')}: ${textOf(step.intervention)}` : ''
          }
        >
          {(step) => (
            <Row>
              <NumberField path={[...step, 'fromDose']} label="From capsule" />
              <ChoiceField path={[...step, 'intervention']} label="Intervention" choices={interventions} />
            </Row>
          )}
        </ListField>
      )}
    </>
  );
}

/** Sites and their licences; supply; who does what. */
import { jurisdictions } from '@limen/protocol';
import { choices, settings, teamRoles } from '../choices.ts';
import { useField } from '../draft-context.tsx';
import {
  ChoiceField,
  IdField,
  LinesField,
  LongTextField,
  NamesField,
  NumberField,
  NumbersField,
  Row,
  SomeField,
  TextField,
} from '../fields.tsx';
import { ListField, OptionalPart } from '../list-field.tsx';
import { freeId, isPlain, type Path, textOf } from '../value.ts';

const places = Object.entries(jurisdictions)
  .map(([value, { label }]) => ({ value, label: `${label} (${value})` }))
  .sort((a, b) => a.label.localeCompare(b.label));
const covered = choices({ takeHome: 'Taking at home', observed: 'Taking while observed' });

export function Sites() {
  return (
    <ListField
      path={['sites']}
      title="Sites"
      help="What the law of a place allows is data with a source, no legal advice."
      noun="site"
      optional
      blank={(items) => ({ id: freeId('site', items), label: '', jurisdiction: '', licences: [] })}
    >
      {(path) => (
        <>
          <Row>
            <TextField path={[...path, 'label']} label="Name" />
            <IdField path={path} noun="site" />
          </Row>
          <Row>
            <ChoiceField path={[...path, 'jurisdiction']} label="Jurisdiction" choices={places} />
            <ChoiceField path={[...path, 'setting']} label="Setting" choices={settings} none="That of the protocol" />
          </Row>
          <LegalNote path={[...path, 'jurisdiction']} />
          <ListField
            path={[...path, 'licences']}
            title="Licences"
            noun="licence"
            blank={() => ({ authority: '', number: '', substances: [], covers: ['observed'], validFrom: '' })}
            nameOf={(item) => (isPlain(item) ? [textOf(item.authority), textOf(item.number)].join(' ').trim() : '')}
          >
            {(licence) => (
              <>
                <Row>
                  <TextField path={[...licence, 'authority']} label="Authority" />
                  <TextField path={[...licence, 'number']} label="Number" name />
                </Row>
                <NamesField path={[...licence, 'substances']} label="Substances" help="Such as lsd, psilocybin" />
                <SomeField path={[...licence, 'covers']} label="Covers" choices={covered} />
                <Row>
                  <TextField path={[...licence, 'validFrom']} label="Valid from" kind="date" />
                  <TextField path={[...licence, 'validUntil']} label="Valid until" kind="date" optional />
                </Row>
              </>
            )}
          </ListField>
        </>
      )}
    </ListField>
  );
}

const verdicts = {
  takeHome: { no: 'Not to be taken at home', licence: 'At home with a licence that says so' },
  observed: { no: 'not while observed', licence: 'observed with a licence that says so' },
} as const;

function LegalNote({ path }: { path: Path }) {
  const known = jurisdictions[textOf(useField(path).value)];
  if (known === undefined) return null;
  return (
    <p className="note">
      {verdicts.takeHome[known.takeHome]}; {verdicts.observed[known.observed]}. {known.source} (as of {known.asOf}).
    </p>
  );
}

const unitKinds = choices({
  capsule: 'Capsule',
  tablet: 'Tablet',
  blotter: 'Blotter',
  oralSolution: 'Oral solution',
  sublingual: 'Sublingual',
});
const kitKinds = choices({
  toOrder: 'Packed for the person, once the label is drawn',
  stock: 'Made beforehand and kept at the sites',
});
const assays = choices({
  required: 'No batch without a measured content',
  interval: 'A batch may be used with an interval for its content',
});

export function Supply() {
  const at = (field: string) => ['supply', field];
  return (
    <>
      <OptionalPart
        path={['supply']}
        title="Supply"
        blank={{
          unit: 'capsule',
          unitsPerKit: 12,
          dispensedOn: [1],
          assay: 'required',
          release: '',
          storage: '',
          accountability: '',
        }}
      >
        <Row>
          <ChoiceField path={at('unit')} label="Form of the unit" choices={unitKinds} />
          <NumberField path={at('unitsPerKit')} label="Units in a kit" />
          <NumbersField path={at('dispensedOn')} label="Kits are handed out on study days" />
        </Row>
        <ChoiceField path={at('kits')} label="Kits" choices={kitKinds} optional />
        <ChoiceField path={at('assay')} label="Assay" choices={assays} />
        <LongTextField path={at('release')} label="Release" help="Uniformity and look, as they are checked" />
        <LongTextField path={at('storage')} label="Storage" />
        <LongTextField path={at('accountability')} label="Accountability" help="Returns, counts, destruction" />
      </OptionalPart>
      <ListField
        path={['roles']}
        title="Who does what"
        help="A document can ask more of people than the platform does, never less."
        noun="role"
        optional
        blank={() => ({ role: 'coordinator', responsibilities: '' })}
        nameOf={(item) => roleName(isPlain(item) ? item.role : undefined)}
      >
        {(path) => (
          <>
            <ChoiceField path={[...path, 'role']} label="Role" choices={everybody} />
            <LongTextField path={[...path, 'responsibilities']} label="Responsibilities" />
            <LinesField path={[...path, 'training']} label="Training" help="One a line" optional />
          </>
        )}
      </ListField>
    </>
  );
}

const everybody = [...teamRoles, { value: 'administrator', label: 'Administrator' }];
const roleName = (role: unknown) => everybody.find(({ value }) => value === role)?.label ?? '';

/** Title, versions and sources: what the document is and where it comes from. */

import { choices, settings } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';
import { ChoiceField, LongTextField, NamesField, Row, TextField, YesField } from '../fields.tsx';
import { ListField, OptionalPart } from '../list-field.tsx';
import { isPlain, textOf, valueAt } from '../value.ts';

const phases = choices({
  exploratory: 'Exploratory',
  phase1: 'Phase 1',
  phase2: 'Phase 2',
  phase3: 'Phase 3',
  phase4: 'Phase 4',
  notApplicable: 'Not applicable',
});

export function Identity() {
  const { value } = useDraft();
  const version = textOf(valueAt(value, ['version']));
  return (
    <>
      <LongTextField path={['title']} label="Title" help="In full, as it will stand in a registry" />
      <Row>
        <TextField path={['shortTitle']} label="Short title" help="What the team and participants call it" />
        <TextField path={['id']} label="Id of the protocol" help="Lower-case letters, digits and hyphens" name />
      </Row>
      <Row>
        <TextField path={['version']} label="Version" help="Such as 1.0.0" name />
        <TextField path={['language']} label="Language" help="A language tag, such as en" name />
        <NamesField path={['languages']} label="Languages of participants" help="Such as en, nl" optional />
      </Row>
      <ChoiceField path={['setting']} label="Setting" choices={settings} />
      <LongTextField path={['rationale']} label="Rationale" help="Why this study, and why now" rows={5} />
      <OptionalPart path={['identity']} title="Sponsor, phase and registration" blank={{}}>
        <TextField path={['identity', 'sponsor']} label="Sponsor" optional />
        <ChoiceField path={['identity', 'phase']} label="Phase" choices={phases} none="Not said" />
        <ListField
          path={['identity', 'registrations']}
          title="Registrations"
          noun="registration"
          optional
          blank={() => ({ registry: '', number: '' })}
          nameOf={(item) => (isPlain(item) ? [textOf(item.registry), textOf(item.number)].join(' ').trim() : '')}
        >
          {(path) => (
            <Row>
              <TextField path={[...path, 'registry']} label="Registry" />
              <TextField path={[...path, 'number']} label="Number" name />
            </Row>
          )}
        </ListField>
        <ListField
          path={['identity', 'versions']}
          title="Versions"
          help="What each version changed, oldest first; the last is this one."
          noun="version"
          optional
          blank={() => ({ version, changes: '', substantial: false })}
        >
          {(path) => (
            <>
              <Row>
                <TextField path={[...path, 'version']} label="Version" name />
                <TextField path={[...path, 'date']} label="Date" kind="date" optional />
              </Row>
              <LongTextField path={[...path, 'changes']} label="What changed, and why" />
              <YesField path={[...path, 'substantial']} label="A substantial change" />
            </>
          )}
        </ListField>
      </OptionalPart>
      <ListField
        path={['sources']}
        title="Sources"
        noun="source"
        optional
        blank={() => ({ citation: '' })}
        nameOf={(item) => (isPlain(item) ? textOf(item.citation).slice(0, 90) : '')}
      >
        {(path) => (
          <>
            <LongTextField path={[...path, 'citation']} label="Citation" />
            <Row>
              <TextField path={[...path, 'url']} label="Address" name optional />
              <TextField path={[...path, 'licence']} label="Licence" optional />
            </Row>
          </>
        )}
      </ListField>
    </>
  );
}

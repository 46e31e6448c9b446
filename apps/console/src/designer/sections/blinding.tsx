/** Randomisation and blinding, and how a code is broken in an emergency. */
import { choices, itemsOf, teamRoles } from '../choices.ts';
import { useDraft, useField } from '../draft-context.tsx';
import { ChoiceField, LongTextField, NumberField, NumbersField, SomeField, YesField } from '../fields.tsx';
import { OptionalPart } from '../list-field.tsx';
import { isPlain } from '../value.ts';

const procedures = choices({
  permutedBlocks: 'Permuted blocks',
  complete: 'Complete randomisation',
  bigStick: 'Big stick design',
  selfBlindingWeeks: 'Self-blinding weeks',
});
const blanks: Readonly<Record<string, unknown>> = {
  permutedBlocks: { kind: 'permutedBlocks', sizes: [4, 6] },
  complete: { kind: 'complete' },
  bigStick: { kind: 'bigStick', tolerance: 3 },
  selfBlindingWeeks: { kind: 'selfBlindingWeeks', weeks: 4 },
};
const openers = choices({
  treatingClinician: 'Treating clinician',
  investigator: 'Investigator',
  pharmacist: 'Pharmacist',
  safetyPhysician: 'Safety physician',
});

export function Blinding() {
  const { value } = useDraft();
  const procedure = useField(['randomisation', 'procedure']);
  const kind = isPlain(procedure.value) ? procedure.value.kind : undefined;
  const at = (...steps: string[]) => ['blinding', ...steps];
  return (
    <>
      <h3>Randomisation</h3>
      <ChoiceField
        path={['randomisation', 'procedure', 'kind']}
        label="Procedure"
        choices={procedures}
        onChoose={(chosen) => procedure.set(blanks[chosen])}
      />
      {kind === 'permutedBlocks' && (
        <NumbersField
          path={['randomisation', 'procedure', 'sizes']}
          label="Block sizes"
          help="Several sizes make the next allocation harder to guess, such as 4, 6"
        />
      )}
      {kind === 'bigStick' && (
        <NumberField
          path={['randomisation', 'procedure', 'tolerance']}
          label="Tolerance"
          help="The largest difference between the arms"
        />
      )}
      <SomeField
        path={['randomisation', 'stratifyBy']}
        label="Stratified by"
        choices={choices({ site: 'Site' })}
        optional
      />
      <h3>Blinding</h3>
      <SomeField path={at('masked')} label="Who is masked" choices={teamRoles} />
      <YesField path={at('armsDisclosed')} label="Participants are told which arms exist" />
      <ChoiceField
        path={at('guessActivity')}
        label="Activity in which people say what they think they took"
        choices={itemsOf(value, 'activities')}
        none="None"
      />
      <LongTextField path={at('emergencyUnblinding')} label="Emergency code break, in short" optional />
      <OptionalPart
        path={at('emergencyPlan')}
        title="Emergency plan"
        blank={{ mayOpen: ['treatingClinician'], available: '', backup: '', afterwards: '' }}
      >
        <SomeField
          path={at('emergencyPlan', 'mayOpen')}
          label="Who may open one participant’s allocation"
          choices={openers}
        />
        <LongTextField path={at('emergencyPlan', 'available')} label="At which hours, and how it is reached" />
        <LongTextField path={at('emergencyPlan', 'backup')} label="When the platform cannot be reached" />
        <LongTextField
          path={at('emergencyPlan', 'afterwards')}
          label="Afterwards"
          help="What happens to the participant, and who stays blinded"
        />
      </OptionalPart>
    </>
  );
}

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
  biasedCoin: 'Biased coin',
  urn: 'Urn',
  blockUrn: 'Block urn',
  maximal: 'Maximal procedure',
  selfBlindingWeeks: 'Self-blinding weeks',
});
const blanks: Readonly<Record<string, unknown>> = {
  permutedBlocks: { kind: 'permutedBlocks', sizes: [4, 6] },
  complete: { kind: 'complete' },
  bigStick: { kind: 'bigStick', tolerance: 3 },
  biasedCoin: { kind: 'biasedCoin', favour: 2, against: 1 },
  urn: { kind: 'urn', initial: 0, added: 1 },
  blockUrn: { kind: 'blockUrn', blocks: 2 },
  maximal: { kind: 'maximal', tolerance: 3, size: 24 },
  selfBlindingWeeks: { kind: 'selfBlindingWeeks', weeks: 4 },
};
const tolerance = ['tolerance', 'Tolerance', 'The largest difference between the arms'] as const;
const numbers: Readonly<Record<string, readonly (readonly [name: string, label: string, help: string])[]>> = {
  bigStick: [tolerance],
  biasedCoin: [
    ['favour', 'Chances of the arm that is behind', 'With 2 against 1 it gets two of three'],
    ['against', 'Chances of the others', 'Fewer than those in favour'],
  ],
  urn: [
    ['initial', 'Balls of every arm at the start', 'None: the second person never gets the first one’s arm'],
    ['added', 'Balls added', 'Of every other arm, each time an arm is drawn'],
  ],
  blockUrn: [['blocks', 'Balanced sets in the urn', 'One is a block; more are harder to guess']],
  maximal: [
    tolerance,
    [
      'size',
      'Allocations in advance',
      'People in one stratum; a multiple of the ratio’s sum. The next order begins after it',
    ],
  ],
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
      {(numbers[String(kind)] ?? []).map(([name, label, help]) => (
        <NumberField key={name} path={['randomisation', 'procedure', name]} label={label} help={help} />
      ))}
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

/** Which column is what: proposed from the table, confirmed or corrected by a person. */
import { type ColumnProfile, formulaOf, type MapDraft } from '@limen/analysis';
import { Checkbox, MultiSelect, NativeSelect, Stack, TextInput } from '@mantine/core';

type Props = {
  readonly profiles: readonly ColumnProfile[];
  readonly draft: MapDraft;
  readonly change: (part: Partial<MapDraft>) => void;
};

export function Mapping({ profiles, draft, change }: Props) {
  const levelsOf = (name: string | null) => profiles.find((one) => one.name === name)?.levels ?? [];
  const named = profiles.filter(({ levels }) => levels !== null);
  const numbers = profiles.filter(({ numeric }) => numeric);
  const taken = new Set([draft.participant, draft.time, draft.outcome, draft.value, draft.condition, draft.guess]);
  const free = profiles.filter(({ name }) => !taken.has(name));
  return (
    <Stack gap="sm">
      <div className="filters">
        <Choice
          label="Participant"
          from={profiles}
          value={draft.participant}
          set={(participant) => change({ participant })}
        />
        <Choice label="Time point" from={named} value={draft.time} set={(time) => change({ time })} />
        <Choice
          label="Name of the outcome"
          from={named}
          value={draft.outcome}
          set={(outcome) => change({ outcome, primary: [] })}
        />
        <Choice label="Value of the outcome" from={numbers} value={draft.value} set={(value) => change({ value })} />
      </div>
      <div className="filters">
        <Choice
          label="Condition or arm"
          from={named}
          value={draft.condition}
          set={(condition) => change({ condition, active: null, reference: null })}
        />
        <Level
          label="Active is"
          levels={levelsOf(draft.condition)}
          value={draft.active}
          set={(active) => change({ active })}
        />
        <Level
          label="Placebo or control is"
          levels={levelsOf(draft.condition)}
          value={draft.reference}
          set={(reference) => change({ reference })}
        />
      </div>
      <Checkbox
        label="A participant can have had both conditions, as in a crossover"
        checked={draft.changes}
        onChange={({ currentTarget }) => change({ changes: currentTarget.checked })}
      />
      <div className="filters">
        <Choice
          label="Guess"
          none="Nobody was asked"
          from={named}
          value={draft.guess}
          set={(guess) => change({ guess, guessActive: null, guessPlacebo: null, guessUnsure: null })}
        />
        {draft.guess !== null && (
          <>
            <Level
              label="Guessed active is"
              levels={levelsOf(draft.guess)}
              value={draft.guessActive}
              set={(guessActive) => change({ guessActive })}
            />
            <Level
              label="Guessed placebo is"
              levels={levelsOf(draft.guess)}
              value={draft.guessPlacebo}
              set={(guessPlacebo) => change({ guessPlacebo })}
            />
            <Level
              label="“Do not know” is"
              none="No such answer"
              levels={levelsOf(draft.guess)}
              value={draft.guessUnsure}
              set={(guessUnsure) => change({ guessUnsure })}
            />
          </>
        )}
      </div>
      <MultiSelect
        label="Primary outcomes"
        description="Named before the data were seen. With none, the report says that none was primary."
        data={[...levelsOf(draft.outcome)]}
        value={[...draft.primary]}
        onChange={(primary) => change({ primary })}
        clearable
      />
      <MultiSelect
        label="Covariates that are numbers"
        data={free.filter(({ numeric }) => numeric).map(({ name }) => name)}
        value={[...draft.numbers]}
        onChange={(chosen) => change({ numbers: chosen, levels: draft.levels.filter((one) => !chosen.includes(one)) })}
        clearable
      />
      <MultiSelect
        label="Covariates that are groups"
        data={free.filter(({ levels }) => levels !== null).map(({ name }) => name)}
        value={[...draft.levels]}
        onChange={(chosen) => change({ levels: chosen, numbers: draft.numbers.filter((one) => !chosen.includes(one)) })}
        clearable
      />
      <TextInput
        label="Model"
        description="As lme4 writes it. The guess is added by the analysis, in a model beside this one."
        value={formulaOf(draft)}
        onChange={({ currentTarget }) => change({ formula: currentTarget.value })}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </Stack>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly none?: string;
  readonly value: string | null;
  readonly set: (value: string | null) => void;
};

function Choice({ from, ...rest }: ChoiceProps & { readonly from: readonly ColumnProfile[] }) {
  return <Level levels={from.map(({ name }) => name)} {...rest} />;
}

function Level({ label, none = 'Choose…', levels, value, set }: ChoiceProps & { readonly levels: readonly string[] }) {
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      data={[{ value: '', label: none }, ...levels.map((level) => ({ value: level, label: level }))]}
      onChange={({ currentTarget }) => set(currentTarget.value === '' ? null : currentTarget.value)}
    />
  );
}

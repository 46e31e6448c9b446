/** The analysis plan: endpoints, looks, families of tests, what is missing. */
import { modelColumns, visitCovariances } from '@limen/protocol';
import { choices, itemsOf, levels, scoreChoices } from '../choices.ts';
import { useDraft } from '../draft-context.tsx';
import { ChoiceField, IdField, LinesField, LongTextField, NumberField, Row, SomeField, TextField } from '../fields.tsx';
import { ListField, OptionalPart } from '../list-field.tsx';
import { freeId, isPlain, type Path } from '../value.ts';

const contrasts = choices({ arm: 'Arm', capsule: 'Content of the capsule', week: 'Type of the week' });
const directions = choices({ higher: 'Higher is better', lower: 'Lower is better' });
const looks = choices({ efficacy: 'Efficacy', futility: 'Futility', both: 'Both', safety: 'Safety' });
const spending = choices({ obrienFleming: 'O’Brien and Fleming', pocock: 'Pocock' });
const methods = choices({
  oneComparison: 'One comparison only',
  holm: 'Holm',
  hochberg: 'Hochberg',
  gatekeeping: 'Gatekeeping, in the order of the list',
  dunnett: 'Dunnett',
  falseDiscoveryRate: 'False discovery rate',
  graph: 'Graph of shares, in the JSON text',
});
const assumptions = choices({
  missingAtRandom: 'Missing at random',
  missingNotAtRandom: 'Missing not at random',
  missingCompletelyAtRandom: 'Missing completely at random',
});

const covariances = visitCovariances.map((value) => ({ value, label: value.replaceAll('-', ' ') }));
const degrees = choices({
  satterthwaite: 'Satterthwaite',
  'kenward-roger': 'Kenward and Roger',
  'between-within': 'Between and within',
});

export function Analysis() {
  const { value } = useDraft();
  const at = (...steps: string[]) => ['analysis', ...steps];
  const endpoints = itemsOf(value, 'analysis', 'endpoints');
  const activities = itemsOf(value, 'activities');
  return (
    <>
      <Row>
        <ChoiceField
          path={at('reference')}
          label="Every contrast is against"
          choices={itemsOf(value, 'interventions')}
        />
        <NumberField path={at('alpha')} label="Significance level" help="Two-sided, such as 0.05" />
      </Row>
      <ListField
        path={at('endpoints')}
        title="Endpoints"
        noun="endpoint"
        blank={(items) => ({
          id: freeId('endpoint', items),
          label: '',
          level: 'secondary',
          activity: activities[0]?.value ?? '',
          score: '',
          contrast: 'arm',
          model: 'value ~ condition',
          better: 'higher',
        })}
      >
        {(path, item) => <Endpoint path={path} activity={isPlain(item) ? item.activity : undefined} />}
      </ListField>
      <OptionalPart
        path={at('missingData')}
        title="Missing data"
        blank={{ assumption: 'missingAtRandom', primary: '', sensitivity: [] }}
      >
        <ChoiceField path={at('missingData', 'assumption')} label="Assumption" choices={assumptions} />
        <LongTextField path={at('missingData', 'primary')} label="Primary analysis" />
        <LinesField path={at('missingData', 'sensitivity')} label="Sensitivity analyses" help="One a line" />
      </OptionalPart>
      <OptionalPart
        path={at('multiplicity')}
        title="Several comparisons"
        blank={{ method: 'holm', endpoints: [], reason: '' }}
      >
        <ChoiceField path={at('multiplicity', 'method')} label="Method" choices={methods} />
        <SomeField path={at('multiplicity', 'endpoints')} label="The family" choices={endpoints} />
        <LongTextField path={at('multiplicity', 'reason')} label="Why this method" />
      </OptionalPart>
      <OptionalPart
        path={at('interims')}
        title="Interim looks"
        blank={{
          looks: [{ id: 'look-1', information: 0.5, decides: 'efficacy' }],
          spending: { kind: 'obrienFleming', alpha: 0.05 },
          board: '',
        }}
      >
        <ListField
          path={at('interims', 'looks')}
          title="Looks"
          noun="look"
          blank={(items) => ({ id: freeId('look', items), information: 0.75, decides: 'efficacy' })}
        >
          {(path) => (
            <Row>
              <NumberField path={[...path, 'information']} label="Share of the information" help="Such as 0.5" />
              <ChoiceField path={[...path, 'decides']} label="Decides on" choices={looks} />
              <IdField path={path} noun="look" />
            </Row>
          )}
        </ListField>
        <OptionalPart
          path={at('interims', 'spending')}
          title="Spending of the error"
          blank={{ kind: 'obrienFleming', alpha: 0.05 }}
        >
          <Row>
            <ChoiceField path={at('interims', 'spending', 'kind')} label="Function" choices={spending} />
            <NumberField path={at('interims', 'spending', 'alpha')} label="Error to spend" />
          </Row>
        </OptionalPart>
        <LongTextField path={at('interims', 'board')} label="Who looks, and what they may see" />
      </OptionalPart>
      <OptionalPart
        path={at('expectancy')}
        title="Expectations"
        help="How the analysis uses what people expected before the first capsule."
        blank={{ activity: '', use: '' }}
      >
        <ChoiceField path={at('expectancy', 'activity')} label="Activity" choices={activities} />
        <LongTextField path={at('expectancy', 'use')} label="How it is used" />
      </OptionalPart>
    </>
  );
}

function Endpoint({ path, activity }: { path: Path; activity: unknown }) {
  const { value } = useDraft();
  const at = (...steps: string[]) => [...path, ...steps];
  return (
    <>
      <Row>
        <TextField path={at('label')} label="Name" />
        <IdField path={path} noun="endpoint" />
        <ChoiceField path={at('level')} label="Level" choices={levels} />
      </Row>
      <Row>
        <ChoiceField path={at('activity')} label="Activity" choices={itemsOf(value, 'activities')} />
        <ChoiceField path={at('score')} label="Score" choices={scoreChoices(value, activity)} />
      </Row>
      <Row>
        <ChoiceField path={at('contrast')} label="Contrast" choices={contrasts} />
        <ChoiceField path={at('better')} label="Direction" choices={directions} />
      </Row>
      <TextField path={at('model')} label="Model" help={`Columns: ${[...modelColumns].join(', ')}`} name />
      <OptionalPart
        path={at('repeated')}
        title="Repeated measures (MMRM)"
        help="The residuals of one person hang together over visits; a model such as value ~ condition * visit + baseline * visit, without random terms."
        blank={{ covariance: 'unstructured' }}
      >
        <Row>
          <ChoiceField path={at('repeated', 'covariance')} label="Covariance over visits" choices={covariances} />
          <ChoiceField path={at('repeated', 'df')} label="Degrees of freedom" choices={degrees} />
          <NumberField
            path={at('repeated', 'effectAtDay')}
            label="Compared at study day"
            help="Empty: the last visit"
          />
        </Row>
      </OptionalPart>
      <OptionalPart path={at('window')} title="Days that count" blank={{ fromDay: 1, toDay: 28 }}>
        <Row>
          <NumberField path={at('window', 'fromDay')} label="From study day" />
          <NumberField path={at('window', 'toDay')} label="To study day" />
        </Row>
      </OptionalPart>
    </>
  );
}

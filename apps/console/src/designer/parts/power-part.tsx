/** What could this study tell, if people guess as they do? Virtual trials of the draft, in this browser. */
import type { ProtocolDocument } from '@limen/protocol';
import { type PowerResult, scaleEffects, selfBlinding2021, type TrialsRequest, verdictOf } from '@limen/simulation';
import { Button, NativeSelect, NumberInput, Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Empty } from '../../frame/page.tsx';
import { useDraft } from '../draft-context.tsx';
import type { PowerAnswer, PowerQuestion } from './power-worker.ts';

const trials = 200;
const factors = [
  { value: '0', label: 'None' },
  { value: '0.5', label: 'Half of what was published' },
  { value: '1', label: 'As in the trial of 2021' },
  { value: '2', label: 'Twice that' },
  { value: '4', label: 'Four times that' },
];

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly share: number }
  | { readonly kind: 'results'; readonly results: readonly PowerResult[]; readonly of: ProtocolDocument }
  | { readonly kind: 'failed'; readonly message: string };

export function PowerPart() {
  const { protocol, remarks } = useDraft();
  const broken = protocol === undefined || remarks.some(({ severity }) => severity === 'error');
  if (broken || protocol === undefined) {
    return (
      <Empty title="Nothing to simulate yet">
        The document has errors; the findings say which. Virtual trials run when they are mended.
      </Empty>
    );
  }
  return <Simulation protocol={protocol} />;
}

function Simulation({ protocol }: { readonly protocol: ProtocolDocument }) {
  const { endpoints } = protocol.analysis;
  const first = endpoints.find(({ level }) => level === 'primary') ?? endpoints[0];
  const [endpoint, setEndpoint] = useState(first?.id ?? '');
  const [participants, setParticipants] = useState<number | string>(protocol.population.plannedSampleSize);
  const [drug, setDrug] = useState('1');
  const [belief, setBelief] = useState('1');
  const [cue, setCue] = useState('1');
  const [state, setState] = useState<State>({ kind: 'idle' });
  const worker = useRef<Worker | null>(null);
  const stop = () => {
    worker.current?.terminate();
    worker.current = null;
  };
  useEffect(() => () => worker.current?.terminate(), []);

  const known = endpoints.some(({ id }) => id === endpoint) ? endpoint : (first?.id ?? '');
  const size = typeof participants === 'number' && participants >= 4 && participants <= 2000 ? participants : null;

  const start = () => {
    if (size === null) return;
    stop();
    const settings = {
      ...scaleEffects(selfBlinding2021, { drug: Number(drug), belief: Number(belief) }),
      cueStrength: selfBlinding2021.cueStrength * Number(cue),
    };
    const world: TrialsRequest = { protocol, endpoint: known, participants: size, settings, seed: 'designer' };
    const nothing = { ...world, settings: scaleEffects(settings, { drug: 0 }) };
    const own = new Worker(new URL('./power-worker.ts', import.meta.url), { type: 'module' });
    worker.current = own;
    setState({ kind: 'running', share: 0 });
    own.onmessage = ({ data }: MessageEvent<PowerAnswer>) => {
      if (data.kind === 'progress') setState({ kind: 'running', share: data.done / data.of });
      else if (data.kind === 'results') setState({ kind: 'results', results: data.results, of: protocol });
      else setState(data);
    };
    own.onerror = () => setState({ kind: 'failed', message: 'The simulation could not be started in this browser.' });
    own.postMessage({ worlds: [world, nothing], trials } satisfies PowerQuestion);
  };

  return (
    <div className="fields">
      <p className="note">
        {trials} virtual trials of this draft, with its calendar, its randomisation and its planned model, in a world in
        which the capsule does something and in one in which it does nothing. People guess and believe in both.
      </p>
      <div className="filters">
        <NativeSelect
          label="Endpoint"
          value={known}
          data={endpoints.map(({ id, label }) => ({ value: id, label }))}
          onChange={({ currentTarget }) => setEndpoint(currentTarget.value)}
        />
        <NumberInput
          label="Participants"
          value={participants}
          onChange={setParticipants}
          min={4}
          max={2000}
          error={size === null ? 'From 4 to 2000' : undefined}
        />
        <NativeSelect
          label="Effect of the capsule"
          value={drug}
          data={factors}
          onChange={({ currentTarget }) => setDrug(currentTarget.value)}
        />
        <NativeSelect
          label="Effect of believing"
          value={belief}
          data={factors}
          onChange={({ currentTarget }) => setBelief(currentTarget.value)}
        />
        <NativeSelect
          label="How well it is felt"
          value={cue}
          data={factors}
          onChange={({ currentTarget }) => setCue(currentTarget.value)}
        />
      </div>
      <div>
        {state.kind === 'running' ? (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              stop();
              setState({ kind: 'idle' });
            }}
          >
            Stop
          </Button>
        ) : (
          <Button size="xs" onClick={start} disabled={size === null}>
            Simulate
          </Button>
        )}
      </div>
      <div role="status">
        {state.kind === 'running' && (
          <Progress aria-label="Virtual trials done" value={100 * state.share} transitionDuration={0} />
        )}
        {state.kind === 'failed' && <p className="wrong">{state.message}</p>}
        {state.kind === 'results' && <Answer results={state.results} fresh={state.of === protocol} />}
      </div>
    </div>
  );
}

function Answer({ results, fresh }: { readonly results: readonly PowerResult[]; readonly fresh: boolean }) {
  const [works, nothing] = results;
  if (!works || !nothing) return null;
  const { sentences } = verdictOf(works, nothing);
  return (
    <>
      {!fresh && <p className="note">The draft has changed since; simulate again.</p>}
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than a phone is scrolled with the keyboard too */}
      <section className="chart-room" tabIndex={0} aria-label="What the models found">
        <table className="plain-table">
          <caption>
            {works.endpoint}, {works.participants} participants, {works.trials} trials a world
          </caption>
          <thead>
            <tr>
              <th scope="col">Compared</th>
              <th scope="col">Model</th>
              <th scope="col">Estimate</th>
              <th scope="col">Off by</th>
              <th scope="col">Found</th>
              <th scope="col">Found, doing nothing</th>
            </tr>
          </thead>
          <tbody>
            {works.estimators.map((one, place) => (
              <tr key={`${one.level} ${one.estimator}`}>
                <td>{one.label}</td>
                <td>{one.estimator === 'unadjusted' ? 'As planned' : 'With the guess'}</td>
                <td className="number">{one.mean.toFixed(2)}</td>
                <td className="number">{one.bias.toFixed(2)}</td>
                <td className="number">{share(one)}</td>
                <td className="number">{share(nothing.estimators[place])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="note">
        ± is the Monte-Carlo standard error. The settings are those of the self-blinding trial of 2021 or multiples of
        them; they are not evidence that micro-dosing works. <code>limen simulate</code> runs more trials, searches
        sizes and takes a world of your own.
      </p>
    </>
  );
}

function share(one: PowerResult['estimators'][number] | undefined): string {
  if (!one || one.trials === 0) return 'could not be fitted';
  return `${(100 * one.rejected).toFixed(1)} % ± ${(100 * one.rejectedError).toFixed(1)}`;
}

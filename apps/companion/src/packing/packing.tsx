/** Packing one's own envelopes, step by step; photographs are not asked for. */
import { useState } from 'preact/hooks';
import './packing.css';
import { makeCommandId } from '../outbox/entry.ts';
import { synchronise } from '../outbox/flush.ts';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { ownEntries, readState, type State, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { call } from '../server/client.ts';
import { envelopeLabels } from '../server/routes.ts';
import { fetchSheet, type Sheet } from './letter.ts';
import { Sort } from './sort.tsx';
import { type Packing, type Step, steps, stepsDone } from './standing.ts';
import { AskLabels, type Facts, FillSets, OpenSheet, SealLeftovers, Shuffle, stepTitles, Weigh } from './steps.tsx';

export function PackingScreen() {
  const state = useAppState();
  const { today } = state;
  if (today === null || !today.selfPacked) return <Title>Nothing to pack</Title>;
  return (
    <>
      <Title>Pack your envelopes</Title>
      {today.packing === null ? <Begin state={state} /> : <Steps state={state} packing={today.packing} />}
    </>
  );
}

function Begin({ state }: { state: State }) {
  const asked = ownEntries(state).some(({ command, refusal }) => command.type === 'planPacking' && refusal === null);
  if (asked) return <p class="card">One moment: the envelopes are being planned. This needs a connection.</p>;
  const begin = (mode: 'self' | 'helper') => save({ type: 'planPacking', mode }, 'Plan of the envelopes');
  return (
    <section class="card stack">
      <p>
        You prepare eight weekly envelopes: four micro-dose weeks and four placebo weeks. A draw that is already made
        decides which four you use, and in which order. Nobody in the study team can see what an envelope holds.
      </p>
      <p>
        It is best if somebody else packs for you, because then you have never seen the labels. That person must not be
        somebody who asks you how you are, or records it, for this study.
      </p>
      <p class="hint">
        This study is for people who already hold what they take, where that is lawful or has been approved. Nobody here
        gives, sells or recommends anything.
      </p>
      <button type="button" class="primary wide" onClick={() => void begin('helper')}>
        Somebody else packs for me
      </button>
      <button type="button" class="quiet wide" onClick={() => void begin('self')}>
        I pack them myself
      </button>
    </section>
  );
}

function Steps({ state, packing }: { state: State; packing: Packing }) {
  const done = stepsDone(packing, ownEntries(state));
  const next = steps.find((step) => !done.includes(step));
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const close = () => {
    setSheet(null);
    void synchronise();
  };
  if (sheet !== null) return <OpenSheet sheet={sheet} onClose={close} />;
  return (
    <>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step} class={done.includes(step) ? 'done' : step === next ? 'now' : ''}>
            <h2 aria-current={step === next ? 'step' : undefined}>
              {stepTitles[step]}
              {done.includes(step) ? <span class="state"> · done</span> : null}
            </h2>
            {step === next ? <OneStep step={step} packing={packing} onSheet={setSheet} /> : null}
          </li>
        ))}
      </ol>
      {packing.mode === 'self' && done.includes('printed') && !done.includes('shuffled') ? (
        <PrintAgain onSheet={setSheet} />
      ) : null}
      {next === undefined ? <Finished /> : null}
    </>
  );
}

/** A printer may fail: the labels can be had again until the envelopes are closed. */
function PrintAgain({ onSheet }: { onSheet: (sheet: Sheet) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Print the labels again</summary>
      {open ? <AskLabels ask={askLabels} onSheet={onSheet} /> : null}
    </details>
  );
}

async function askLabels(): Promise<Sheet> {
  const { session } = readState();
  if (session === null) throw new Error('Nobody is signed in.');
  const { studyId, participantId } = session;
  const commandId = makeCommandId((bytes) => crypto.getRandomValues(bytes));
  return fetchSheet({ studyId, participantId }, (publicKey) =>
    call(envelopeLabels, { params: { studyId, participantId }, body: { commandId, publicKey } }),
  );
}

type StepProps = { step: Step; packing: Packing; onSheet: (sheet: Sheet) => void };

function OneStep({ step, packing, onSheet }: StepProps) {
  const record = (facts: Facts = {}) => void save({ type: 'recordPacking', step, ...facts }, stepTitles[step]);
  if (packing.mode === 'helper' && step !== 'sorted' && step !== 'sealed') return <HelperPacks packing={packing} />;
  switch (step) {
    case 'printed':
      return <AskLabels ask={askLabels} onSheet={onSheet} />;
    case 'filled':
      return <FillSets onDone={record} />;
    case 'weighed':
      return <Weigh onDone={record} />;
    case 'shuffled':
      return <Shuffle onDone={record} />;
    case 'sorted':
      return <Sort packing={packing} onDone={record} />;
    case 'sealed':
      return (
        <>
          <p>
            Put the four leftover envelopes into the large one, close it, and glue the seal strip over the flap. Keep it
            closed until the study asks for it.
          </p>
          <SealLeftovers onDone={record} button="The leftovers are sealed" />
        </>
      );
  }
}

function HelperPacks({ packing }: { packing: Packing }) {
  return (
    <>
      <p>Your helper does this step. They open this page on their own phone or computer and enter their code:</p>
      <p class="helper-link">{`${location.origin}/app/#/helper`}</p>
      <p class="big-code">{packing.helperCode}</p>
      <p class="hint">Ask them not to tell you what they packed. You go on here once the envelopes are shuffled.</p>
      <button type="button" class="quiet wide" onClick={() => void synchronise()}>
        Look how far they are
      </button>
    </>
  );
}

function Finished() {
  return (
    <section class="card">
      <p>
        All is packed. Keep the four envelopes dry, dark and out of reach of others, and open each only in its own week.
      </p>
      <button type="button" class="primary wide" onClick={() => go('')}>
        Back to today
      </button>
    </section>
  );
}

/** For the person who packs for somebody else: their code, the labels, the four steps. Nothing of it stays here. */
import { useState } from 'preact/hooks';
import './packing.css';
import { makeCommandId } from '../outbox/entry.ts';
import { Title } from '../page/title.tsx';
import { call, Refused } from '../server/client.ts';
import { packingHelper, packingHelperLabels, packingHelperStep } from '../server/routes.ts';
import { fetchSheet, type Sheet } from './letter.ts';
import { type Step, steps } from './standing.ts';
import { AskLabels, type Facts, FillSets, OpenSheet, Shuffle, stepTitles, Weigh } from './steps.tsx';

type Helping = { readonly code: string; readonly studyId: string; readonly participantId: string };
const theirs = steps.slice(0, 4);
const newId = () => makeCommandId((bytes) => crypto.getRandomValues(bytes));

export function HelperScreen() {
  const [helping, setHelping] = useState<Helping | null>(null);
  const [done, setDone] = useState<readonly Step[]>([]);
  const [declared, setDeclared] = useState(false);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  if (helping === null) {
    return (
      <Enter
        onOpen={(found, already) => {
          setHelping(found);
          setDone(already);
        }}
      />
    );
  }
  const next = theirs.find((step) => !done.includes(step));
  if (next === undefined) return <AllPacked />;
  if (!declared) return <Declare onDeclare={() => setDeclared(true)} />;
  const { code } = helping;
  const record = async (step: Step, facts: Facts = {}) => {
    const body = { type: 'recordPacking', code, commandId: newId(), step, ...facts } as const;
    setDone((await call(packingHelperStep, { body })).done);
  };
  const ask = () =>
    fetchSheet(helping, (publicKey) =>
      call(packingHelperLabels, { body: { code, commandId: newId(), publicKey, declares: true } }),
    );
  const refresh = async () => setDone((await call(packingHelper, { body: { code } })).done);
  const close = () => {
    setSheet(null);
    void refresh();
  };
  if (sheet !== null) return <OpenSheet sheet={sheet} onClose={close} />;
  return (
    <>
      <Title>Pack for somebody else</Title>
      <ol class="steps">
        {theirs.map((step) => (
          <li key={step} class={done.includes(step) ? 'done' : step === next ? 'now' : ''}>
            <h2 aria-current={step === next ? 'step' : undefined}>
              {stepTitles[step]}
              {done.includes(step) ? <span class="state"> · done</span> : null}
            </h2>
            {step === next ? <TheirStep step={step} ask={ask} onRecord={record} onSheet={setSheet} /> : null}
          </li>
        ))}
      </ol>
    </>
  );
}

type StepProps = {
  step: Step;
  ask: () => Promise<Sheet>;
  onRecord: (step: Step, facts?: Facts) => Promise<void>;
  onSheet: (sheet: Sheet) => void;
};

function TheirStep({ step, ask, onRecord, onSheet }: StepProps) {
  const [fault, setFault] = useState('');
  const done = (facts?: Facts) => {
    onRecord(step, facts).catch((error: unknown) =>
      setFault(error instanceof Refused ? error.problem.detail : 'This needs a connection. Please try again.'),
    );
  };
  return (
    <>
      {step === 'printed' ? <AskLabels ask={ask} onSheet={onSheet} /> : null}
      {step === 'filled' ? <FillSets onDone={done} /> : null}
      {step === 'weighed' ? <Weigh onDone={done} /> : null}
      {step === 'shuffled' ? <Shuffle onDone={done} /> : null}
      <p class="fault" aria-live="assertive">
        {fault}
      </p>
    </>
  );
}

function Enter({ onOpen }: { onOpen: (helping: Helping, done: readonly Step[]) => void }) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState('');
  const open = async () => {
    try {
      const { studyId, participantId, done } = await call(packingHelper, { body: { code: typed.trim() } });
      onOpen({ code: typed.trim(), studyId, participantId }, done);
    } catch (error) {
      setFault(
        error instanceof Refused ? 'This code opens nothing. Please compare it again.' : 'This needs a connection.',
      );
    }
  };
  return (
    <>
      <Title>Pack for somebody else</Title>
      <form
        autoComplete="off"
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
      >
        <label class="label" for="helper-code">
          The helper’s code
        </label>
        <input
          id="helper-code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          minLength={16}
          maxLength={64}
          required
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <p class="fault" aria-live="assertive">
          {fault}
        </p>
        <button type="submit" class="primary wide">
          Continue
        </button>
      </form>
    </>
  );
}

function Declare({ onDeclare }: { onDeclare: () => void }) {
  return (
    <>
      <Title>Before you begin</Title>
      <section class="card stack">
        <p>You will know more than the person you pack for. Please go on only if all of this is true:</p>
        <ul class="plain">
          <li>You do not record or judge how this person is for the study, now or later.</li>
          <li>You do not take part in this study yourself.</li>
          <li>
            You tell nobody what you packed, and give no hint. The draw decides what is used; you do not know it either.
          </li>
        </ul>
        <button type="button" class="primary wide" onClick={onDeclare}>
          All of this is true
        </button>
      </section>
    </>
  );
}

function AllPacked() {
  return (
    <>
      <Title>Thank you</Title>
      <p class="card">
        Hand the eight envelopes and the seal strip over, and tear up every printed copy. The code has done its work.
      </p>
    </>
  );
}

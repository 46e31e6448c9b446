/** Reading, understanding, choosing, signing; and the copy to keep. */
import { useState } from 'preact/hooks';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { scrollToTop } from '../page/scroll.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Progress } from '../questions/form.tsx';
import { OneOf } from '../questions/question.tsx';
import type { ConsentForm } from '../server/answers.ts';
import { writeDocument } from '../storage/documents.ts';
import { fill, words } from '../words/index.ts';
import { type SignedConsent, signedConsentName } from './consent-file.ts';

type Step = 'read' | 'understand' | 'sign';
/** Answers given to each question about the text. */
type Attempts = Readonly<Record<string, number>>;

export function ConsentScreen() {
  const { today } = useAppState();
  const [step, setStep] = useState<Step>('read');
  const [attempts, setAttempts] = useState<Attempts>({});
  const form = today?.consent as ConsentForm | null | undefined;
  if (form == null) return <p>{words().consent.nothing}</p>;
  const turnTo = (next: Step) => {
    setStep(next);
    scrollToTop();
  };
  if (step === 'read') {
    return <Reading form={form} onDone={() => turnTo(form.comprehension.length === 0 ? 'sign' : 'understand')} />;
  }
  if (step === 'understand')
    return (
      <Understanding
        form={form}
        onAttempt={(id) => setAttempts({ ...attempts, [id]: (attempts[id] ?? 0) + 1 })}
        onBack={() => turnTo('read')}
        onDone={() => turnTo('sign')}
      />
    );
  return <Signing form={form} attempts={attempts} onBack={() => turnTo('read')} />;
}

function Reading({ form, onDone }: { form: ConsentForm; onDone: () => void }) {
  const changes = useAppState().today?.reconsent?.changes ?? '';
  const texts = words().consent;
  return (
    <>
      <Title>{form.title}</Title>
      <p class="lead">{texts.lead}</p>
      {changes === '' ? null : (
        <p class="note">
          <b>{texts.changed}</b> {changes}
        </p>
      )}
      <ConsentText form={form} />
      <p class="hint">{fill(words().common.version, { version: form.version })}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={onDone}>
          {texts.haveRead}
        </button>
      </div>
    </>
  );
}

export function ConsentText({ form }: { form: ConsentForm }) {
  return (
    <div class="prose">
      {form.sections.map(({ id, heading, text }) => (
        <section key={id} class="card">
          <h2>{heading}</h2>
          {text.split(/\n+/).map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
    </div>
  );
}

type UnderstandingProps = {
  form: ConsentForm;
  onAttempt: (question: string) => void;
  onBack: () => void;
  onDone: () => void;
};

function Understanding({ form, onAttempt, onBack, onDone }: UnderstandingProps) {
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null);
  const [told, setTold] = useState(false);
  const question = form.comprehension[at];
  if (question === undefined) return null;
  const texts = words().consent;
  const right = chosen === question.correct;
  const isLast = at === form.comprehension.length - 1;
  const goOn = () => {
    if (!told) {
      onAttempt(question.id);
      return setTold(true);
    }
    setTold(false);
    setChosen(null);
    if (!right) return;
    if (isLast) onDone();
    else setAt(at + 1);
  };
  return (
    <>
      <Title>{texts.clearTitle}</Title>
      <Progress at={at + 1} of={form.comprehension.length} />
      <p class="lead">{texts.clearLead}</p>
      <fieldset class="question" key={question.id}>
        <legend>{question.question}</legend>
        <OneOf
          id={`c-${question.id}`}
          options={question.options.map((label, value) => ({ label, value }))}
          value={chosen}
          onValue={(value) => {
            setChosen(Number(value));
            setTold(false);
          }}
        />
      </fieldset>
      <div aria-live="polite">
        {told ? (
          <p class={right ? 'note right' : 'note'}>
            <b>{right ? texts.right : texts.notQuite}</b> {question.explanation}
          </p>
        ) : null}
      </div>
      <div class="actions">
        <button type="button" class="quiet" onClick={onBack}>
          {texts.readAgain}
        </button>
        <button type="button" class="primary" disabled={chosen === null} onClick={goOn}>
          {told ? (right ? words().common.next : words().common.tryAgain) : texts.check}
        </button>
      </div>
    </>
  );
}

function Signing({ form, attempts, onBack }: { form: ConsentForm; attempts: Attempts; onBack: () => void }) {
  const [choices, setChoices] = useState<Readonly<Record<string, boolean>>>({});
  const [signature, setSignature] = useState('');
  const [checked, setChecked] = useState(false);
  const [failed, setFailed] = useState(false);
  const needed = form.choices.filter(({ id, required }) => required && choices[id] !== true);
  const undecided = form.choices.filter(({ id, required }) => !required && choices[id] === undefined);
  const ready = needed.length === 0 && undecided.length === 0 && signature.trim() !== '';
  const texts = words().consent;

  const sign = async () => {
    setChecked(true);
    if (!ready) return;
    const signed: SignedConsent = { form, choices, signature: signature.trim(), signedAt: new Date().toISOString() };
    const comprehension = Object.fromEntries(form.comprehension.map(({ id, correct }) => [id, correct]));
    try {
      await writeDocument(signedConsentName, signed);
      const given = {
        version: form.version,
        choices: { ...choices },
        comprehension,
        attempts,
        signature: signed.signature,
      };
      await save({ type: 'consent', ...given }, texts.label);
      go('consent/copy');
    } catch {
      setFailed(true);
    }
  };

  return (
    <>
      <Title>{texts.decisionTitle}</Title>
      <form
        autoComplete="off"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void sign();
        }}
      >
        {form.choices.map(({ id, label, required }) => (
          <fieldset class="question" key={id}>
            <legend>
              {label} <span class="optional">{required ? texts.needed : texts.asYouLike}</span>
            </legend>
            <OneOf
              id={`choice-${id}`}
              options={[
                { value: 'yes', label: words().common.yes },
                { value: 'no', label: words().common.no },
              ]}
              value={choices[id] === undefined ? null : choices[id] ? 'yes' : 'no'}
              onValue={(value) => setChoices({ ...choices, [id]: value === 'yes' })}
            />
            {checked && choices[id] === undefined ? <p class="fault">{texts.chooseYesNo}</p> : null}
            {required && choices[id] === false ? <p class="note">{texts.without}</p> : null}
          </fieldset>
        ))}
        <div class="question">
          <label class="label" for="signature">
            {texts.nameLabel}
          </label>
          <p class="hint" id="signature-hint">
            {texts.nameHint}
          </p>
          <input
            id="signature"
            class="signature"
            autoComplete="name"
            maxLength={200}
            aria-describedby="signature-hint"
            value={signature}
            onInput={(event) => setSignature(event.currentTarget.value)}
          />
          {checked && signature.trim() === '' ? <p class="fault">{texts.writeName}</p> : null}
        </div>
        <div aria-live="assertive">
          {checked && !ready ? <p class="fault summary">{texts.missing}</p> : null}
          {failed ? <p class="fault summary">{words().common.saveFailed}</p> : null}
        </div>
        <div class="actions">
          <button type="button" class="quiet" onClick={onBack}>
            {texts.readAgain}
          </button>
          <button type="submit" class="primary">
            {texts.sign}
          </button>
        </div>
      </form>
    </>
  );
}

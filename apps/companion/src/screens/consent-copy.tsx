/** The person's own copy of what was signed: to read, to print, to keep as a file. */
import { useEffect, useState } from 'preact/hooks';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import type { ConsentForm } from '../server/answers.ts';
import { readDocument } from '../storage/documents.ts';
import { ConsentText } from './consent.tsx';
import { htmlOf, type SignedConsent, signedConsentName } from './consent-file.ts';
import { saveFile } from './save-file.ts';

export function ConsentCopyScreen() {
  const { today } = useAppState();
  const [signed, setSigned] = useState<SignedConsent | null>(null);
  useEffect(() => {
    void readDocument(signedConsentName).then((found) => setSigned(found as SignedConsent | null));
  }, []);
  const form = signed?.form ?? (today?.consent as ConsentForm | null | undefined);
  if (form == null) return <p>There is no consent form to read at present.</p>;
  return (
    <>
      <Title>Your copy</Title>
      <p class="lead">This is what you agreed to. Keep a copy; you can come back here from Settings at any time.</p>
      <div class="actions no-print">
        <button type="button" class="quiet" onClick={() => window.print()}>
          Print
        </button>
        <button type="button" class="quiet" onClick={() => download(form, signed)}>
          Save as a file
        </button>
        <a class="button primary" href="#/">
          Continue
        </a>
      </div>
      <h2 class="part">{form.title}</h2>
      <p class="hint">Version {form.version}</p>
      {signed === null ? (
        <p class="note">You signed this on another phone, so your own choices are not shown here.</p>
      ) : (
        <Signed signed={signed} />
      )}
      <ConsentText form={form} />
    </>
  );
}

function Signed({ signed: { form, choices, signature, signedAt } }: { signed: SignedConsent }) {
  return (
    <section class="card">
      <h2>What you chose</h2>
      <dl class="choices">
        {form.choices.map(({ id, label }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>{choices[id] ? 'Yes' : 'No'}</dd>
          </div>
        ))}
      </dl>
      <p>
        Signed <b>{signature}</b>, {new Date(signedAt).toLocaleString()}
      </p>
    </section>
  );
}

function download(form: ConsentForm, signed: SignedConsent | null): void {
  saveFile(`consent-${form.version}.html`, 'text/html', htmlOf(form, signed));
}

/** The person's own copy of what was signed: to read, to print, to keep as a file. */
import { useEffect, useState } from 'preact/hooks';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import type { ConsentForm } from '../server/answers.ts';
import { readDocument } from '../storage/documents.ts';
import { fill, localeNow, words } from '../words/index.ts';
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
  if (form == null) return <p>{words().consent.nothing}</p>;
  const texts = words().consent;
  return (
    <>
      <Title>{texts.copyTitle}</Title>
      <p class="lead">{texts.copyLead}</p>
      <div class="actions no-print">
        <button type="button" class="quiet" onClick={() => window.print()}>
          {texts.print}
        </button>
        <button type="button" class="quiet" onClick={() => download(form, signed)}>
          {texts.saveFile}
        </button>
        <a class="button primary" href="#/">
          {words().common.continue}
        </a>
      </div>
      <h2 class="part">{form.title}</h2>
      <p class="hint">{fill(words().common.version, { version: form.version })}</p>
      {signed === null ? <p class="note">{texts.otherPhone}</p> : <Signed signed={signed} />}
      <ConsentText form={form} />
    </>
  );
}

function Signed({ signed: { form, choices, signature, signedAt } }: { signed: SignedConsent }) {
  return (
    <section class="card">
      <h2>{words().consent.whatChose}</h2>
      <dl class="choices">
        {form.choices.map(({ id, label }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>{choices[id] ? words().common.yes : words().common.no}</dd>
          </div>
        ))}
      </dl>
      <p>{fill(words().consent.signed, { name: signature, when: new Date(signedAt).toLocaleString(localeNow()) })}</p>
    </section>
  );
}

function download(form: ConsentForm, signed: SignedConsent | null): void {
  saveFile(`consent-${form.version}.html`, 'text/html', htmlOf(form, signed));
}

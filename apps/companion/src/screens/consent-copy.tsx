/** The person's own copy of what was signed: to read, to print, to keep as a file. */
import { useEffect, useState } from 'preact/hooks';
import { readState, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import type { ConsentForm } from '../server/answers.ts';
import { call } from '../server/client.ts';
import { consentCopy } from '../server/routes.ts';
import { readDocument } from '../storage/documents.ts';
import { fill, localeNow, words } from '../words/index.ts';
import { ConsentText } from './consent.tsx';
import { htmlOf, type SignedConsent, signedConsentName } from './consent-file.ts';
import { saveFile } from './save-file.ts';

export function ConsentCopyScreen() {
  const { today } = useAppState();
  const [signed, setSigned] = useState<SignedConsent | null>(null);
  const [said, setSaid] = useState('');
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
        <button type="button" class="quiet" onClick={() => void saveCopy(form, signed).then(setSaid)}>
          {texts.saveFile}
        </button>
        <button type="button" class="quiet" onClick={() => window.print()}>
          {texts.print}
        </button>
        <a class="button primary" href="#/">
          {words().common.continue}
        </a>
      </div>
      <p class="hint no-print" role="status">
        {said}
      </p>
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

/** The server's PDF, once it has the signature; until then, or without a network, the same words made on the phone. */
async function saveCopy(form: ConsentForm, signed: SignedConsent | null): Promise<string> {
  const { session, today } = readState();
  if (session !== null && today?.consentedVersion === form.version) {
    const { studyId, participantId } = session;
    const pdf = await call(consentCopy, { params: { studyId, participantId } }).catch(() => null);
    if (pdf !== null) {
      saveFile(`consent-${form.version}.pdf`, 'application/pdf', new Uint8Array(pdf));
      return '';
    }
  }
  saveFile(`consent-${form.version}.html`, 'text/html', htmlOf(form, signed));
  return words().consent.savedAsPage;
}

/**
 * The emergency code break: a number and two facts, no approval, one participant. Everything that could keep a physician
 * from the answer is left out: nothing is asked twice, nothing but the number can be wrong.
 */
import { html, type Markup } from '@limen/protocol';
import type { House } from '../../house.ts';
import { isLabel } from '../../labels.ts';
import { Refusal } from '../../refusals.ts';
import { inTransaction } from '../../store.ts';
import { lockStudy, type OpenStudy, readStudy } from '../../study.ts';
import { answerDrill } from '../../unblinding/drill.ts';
import { readDummy } from '../../unblinding/dummy.ts';
import { type Found, findByNumber, numberTyped } from '../../unblinding/find.ts';
import { openTreatment } from '../../unblinding/record.ts';
import { treatmentOf } from '../../unblinding/treatment.ts';
import type { Answer, PageRoute, PersonVisit } from '../route.ts';
import { answerPage } from './answer.ts';
import { type Asked, chooseForm, emergencyForm, readAsked } from './form.ts';

const labelCharacters = 8;
const lead = 'For the physician who treats a participant. No approval is needed; what you open is recorded.';

/** In which the visitor is a physician; of them the one in the path where there is one. */
function studiesOf({ session, params }: PersonVisit): string[] {
  const own = session.person.roles.filter(({ role }) => role === 'physician').map(({ studyId }) => studyId);
  return params.studyId === undefined ? own : own.filter((studyId) => studyId === params.studyId);
}

export const titleOf = ({ studyId, document }: Pick<OpenStudy, 'studyId' | 'document'>): string =>
  document?.shortTitle ?? studyId;

async function showForm(visit: PersonVisit): Promise<Answer> {
  const phone = await phoneFallback(visit.house, studiesOf(visit));
  return {
    page: {
      title: 'Emergency code break',
      lead,
      body: [emergencyForm(readAsked(visit), visit), phone],
    },
  };
}

async function answer(visit: PersonVisit): Promise<Answer> {
  const asked = readAsked(visit);
  const label = numberTyped(asked.label);
  const found = await findByNumber(visit.house, studiesOf(visit), label);
  const named = found.filter(({ studyId }) => asked.studyId === null || asked.studyId === studyId);
  const [one] = named;
  if (one === undefined) throw unknownLabel(label);
  if (named.length > 1) return choose(visit.house, { ...asked, label }, named);
  if (one.drill) return answerToDrill(visit, one, { ...asked, label });
  if (one.participantId === null) {
    throw new Refusal('not_found', 'This kit is in stock and was given to nobody. The pharmacy knows what is in it.');
  }
  return treat(visit, { ...one, participantId: one.participantId }, { ...asked, label });
}

function unknownLabel(label: string): Refusal {
  const slip = label.length === labelCharacters && !isLabel(label);
  const said = slip
    ? 'This is not a card or kit number: one character at least is not right. It has eight, without 0, I, L, O and U.'
    : 'No study in which you are on call has a card, a kit or a participant of this number. Check the study on the card, or telephone.';
  return new Refusal('not_found', said);
}

async function choose(house: House, asked: Asked, found: readonly Found[]): Promise<Answer> {
  const studies = await Promise.all(
    found.map(async ({ studyId }) => {
      const study = await readStudy(house, studyId);
      return { studyId, title: study === null ? studyId : titleOf(study) };
    }),
  );
  return { page: { title: 'Emergency code break', lead, body: chooseForm(asked, studies) } };
}

async function treat(
  { house, session }: PersonVisit,
  { studyId, participantId }: Found & { readonly participantId: string },
  { label, reason, text, couldTreat, requestId, last }: Asked,
): Promise<Answer> {
  const { study, kits, batches } = await openTreatment(house, {
    ...{ studyId, participantId, kind: 'emergency', requestId },
    ...{ by: session.person.personId, role: 'physician' },
    said: { number: label, reason, text, couldTreatWithoutKnowing: couldTreat },
  });
  const treatment = treatmentOf(study, kits, batches);
  return {
    page: answerPage({ studyTitle: titleOf(study), kit: label, treatment, last, now: house.clock.now(), drill: null }),
  };
}

/** The same page from nobody's allocation; the study hears of a drill. */
async function answerToDrill({ house, session }: PersonVisit, { studyId }: Found, asked: Asked): Promise<Answer> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const dummy = study && (await readDummy(client, study));
    if (!study || !dummy) throw new Refusal('not_found', 'There is no such study.');
    const { personId } = session.person;
    const drill = await answerDrill(house, client, study, { personId, requestId: asked.requestId });
    const treatment = treatmentOf(study, [dummy], []);
    const { label: kit, last } = asked;
    return { page: answerPage({ studyTitle: titleOf(study), kit, treatment, last, now: house.clock.now(), drill }) };
  });
}

/** When this page is of no use: who answers the telephone. */
async function phoneFallback(house: House, studyIds: readonly string[]): Promise<Markup> {
  const studies = await Promise.all(studyIds.map((studyId) => readStudy(house, studyId)));
  const known = studies.filter((study) => study !== null);
  return html`<section><h2>By telephone</h2>${known.map((study) => contactsOf(study))}</section>`;
}

function contactsOf(study: OpenStudy): Markup {
  const contacts = study.document?.safety.contacts ?? [];
  const backup = study.document?.blinding.emergencyPlan?.backup;
  return html`<h3>${titleOf(study)}</h3><ul class="plain">${contacts.map(
    ({ label, phone, hours }) =>
      html`<li>${label}${phone === undefined ? null : html`: <a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`} · ${hours}</li>`,
  )}${contacts.length === 0 ? html`<li>The protocol names no contact. The numbers stand on the participant’s card.</li>` : null}</ul>${backup === undefined ? null : html`<p>${backup}</p>`}`;
}

const common = { confirms: 'unlessFresh', returns: true, get: showForm, post: answer } as const;

export const emergencyPages: readonly PageRoute[] = [
  { path: '/emergency', who: 'somebody', anywhere: 'physician', place: 'Emergency', ...common },
  { path: '/studies/:studyId/emergency', who: 'physician', ...common },
];

/** The emergency form: a number, two facts that can be left open, and the person's password where it is not fresh. */
import { randomUUID } from 'node:crypto';
import { html, type Markup, type Part } from '@limen/protocol';
import { area, choice, field } from '../page.ts';
import type { PersonVisit } from '../route.ts';
import type { LastCapsule } from './answer.ts';

export const reasons = [
  { value: 'notSaid', label: 'Not said' },
  { value: 'lifeThreatening', label: 'Life-threatening state' },
  { value: 'severeReaction', label: 'Severe reaction, possibly to the capsule' },
  { value: 'overdose', label: 'Too many capsules, or together with something else' },
  { value: 'medicine', label: 'Choice of an urgent medicine' },
  { value: 'anaesthesia', label: 'Operation or anaesthesia' },
  { value: 'suicidality', label: 'Danger to themselves or others' },
  { value: 'pregnancy', label: 'Pregnancy' },
  { value: 'otherPerson', label: 'Somebody else took the capsule, such as a child' },
  { value: 'other', label: 'Something else' },
] as const;

/** What the form says; nothing of it can be wrong but the number. */
export type Asked = {
  readonly label: string;
  readonly reason: string;
  readonly text: string;
  readonly couldTreat: 'yes' | 'no' | 'notSaid';
  readonly requestId: string;
  /** Chosen where several studies have the number. */
  readonly studyId: string | null;
  readonly last: LastCapsule | null;
};

const longestText = 1_000;

export function readAsked({ form, query }: Pick<PersonVisit, 'form' | 'query'>): Asked {
  const said = (name: string) => form.get(name) ?? query.get(name) ?? '';
  const reason = reasons.find(({ value }) => value === said('reason'))?.value ?? 'notSaid';
  const could = said('couldTreat');
  const requestId = said('requestId');
  return {
    label: said('number').slice(0, 40),
    reason,
    text: said('text').slice(0, longestText),
    couldTreat: could === 'yes' || could === 'no' ? could : 'notSaid',
    requestId: /^[0-9a-f-]{36}$/.test(requestId) ? requestId : randomUUID(),
    studyId: said('study') || null,
    last: readLast(said('taken'), said('dose')),
  };
}

function readLast(taken: string, dose: string): LastCapsule | null {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(taken) || Number.isNaN(Date.parse(taken))) return null;
  return { at: taken, dose: /^[1-9]\d{0,3}$/.test(dose) ? Number(dose) : null };
}

export function emergencyForm(asked: Asked, { session }: Pick<PersonVisit, 'session'>): Markup {
  return html`<section><form method="post" autocomplete="off">${field({
    name: 'number',
    label: 'Card or kit number',
    hint: 'Eight characters on the participant’s card or on any of their kits; or the participant’s number in the study.',
    value: asked.label,
    attributes: html`autocapitalize="characters" spellcheck="false" inputmode="text" autofocus`,
  })}${choice({ name: 'reason', label: 'Why', value: asked.reason, options: reasons })}${area({
    name: 'text',
    label: 'In your words, if there is time',
    value: asked.text,
    required: false,
    rows: 2,
  })}<fieldset><legend>Could you treat without knowing?</legend>${tick('yes', 'Yes', asked)}${tick('no', 'No', asked)}${tick('notSaid', 'Not said', asked)}</fieldset>${carried(asked)}${password(session.steppedUp)}<button class="grave">Show the treatment</button></form></section>`;
}

const tick = (value: Asked['couldTreat'], label: string, { couldTreat }: Asked) =>
  html`<label class="tick"><input type="radio" name="couldTreat" value="${value}"${couldTreat === value ? html` checked` : null}> ${label}</label>`;

const hidden = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`;

function carried({ requestId, last }: Asked): Part {
  return [
    hidden('requestId', requestId),
    last !== null && [hidden('taken', last.at), last.dose !== null && hidden('dose', String(last.dose))],
  ];
}

const password = (fresh: boolean): Part =>
  fresh
    ? null
    : field({
        name: 'password',
        label: 'Your own password',
        type: 'password',
        autocomplete: 'current-password',
        hint: 'You signed in more than five minutes ago.',
      });

/** Several studies have a kit of this number: which one stands on the card. */
export function chooseForm(asked: Asked, studies: readonly { studyId: string; title: string }[]): Markup {
  return html`<section><h2>Which study?</h2><p>Several studies have a kit with this number. The card names the study.</p><form method="post">${studies.map(
    ({ studyId, title }, index) =>
      html`<label class="tick"><input type="radio" name="study" value="${studyId}" required${index === 0 ? html` autofocus` : null}> ${title}</label>`,
  )}${hidden('number', asked.label)}${hidden('reason', asked.reason)}${hidden('text', asked.text)}${hidden('couldTreat', asked.couldTreat)}${carried(asked)}<button class="grave">Show the treatment</button></form></section>`;
}

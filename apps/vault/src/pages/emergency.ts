/** The emergency path: a number, two facts that are never in the way, and what the patient was given in large words. */
import { type InteractionClass, interactionClasses, substances } from '@limen/pharmacology';
import { html, type Markup } from '@limen/protocol';
import { isLabel } from '../labels.ts';
import { personByPassword } from '../people/people.ts';
import { Refusal } from '../refusals.ts';
import { drill, lastDrill } from '../unblinding/drill.ts';
import { studiesWithKit, unblind } from '../unblinding/record.ts';
import type { Holding, Treatment } from '../unblinding/treatment.ts';
import { area, choice, field, instant, notice, type Page, table } from './page.ts';
import type { Answer, PageRoute, PersonVisit } from './route.ts';

const reasons = [
  { value: 'seizure', label: 'Seizure or loss of consciousness' },
  { value: 'serotonin', label: 'Suspected serotonin toxicity' },
  { value: 'cardiac', label: 'Heart or circulation' },
  { value: 'psychiatric', label: 'Psychiatric emergency' },
  { value: 'overdose', label: 'Overdose, or somebody else has taken it' },
  { value: 'surgery', label: 'Urgent operation or medicine' },
  { value: 'pregnancy', label: 'Pregnancy' },
  { value: 'other', label: 'Another reason' },
] as const;

const studiesOf = ({ session }: PersonVisit): string[] =>
  session.person.roles.filter(({ role }) => role === 'physician').map(({ studyId }) => studyId);

function requirePhysician(visit: PersonVisit): string[] {
  const studies = studiesOf(visit);
  if (studies.length === 0) throw new Refusal('unauthorised', 'Your account may not open a treatment.');
  return studies;
}

function form(visit: PersonVisit, number: string, studies: readonly string[] = []): Markup {
  return html`<section><form method="post">
${field({ name: 'number', label: 'Number on the wallet card or on the kit', value: number, hint: 'Eight letters and digits, such as they stand on the card or the container; or the participant’s number in the study.', attributes: html`autocapitalize="characters" spellcheck="false"` })}
${studies.length > 1 ? choice({ name: 'study', label: 'Study', hint: 'This number is in use in more than one.', options: studies.map((id) => ({ value: id, label: id })) }) : null}
${choice({ name: 'cause', label: 'Why', options: [...reasons], ...(visit.form.get('cause') ? { value: visit.form.get('cause') ?? '' } : {}) })}
${area({ name: 'reason', label: 'In your words', hint: 'May be left empty.', required: false, value: visit.form.get('reason') ?? '', rows: 2 })}
<fieldset><legend>Could you treat without knowing?</legend>
<label class="tick"><input type="radio" name="treatable" value="no"> No</label>
<label class="tick"><input type="radio" name="treatable" value="yes"> Yes, but knowing helps</label>
<label class="tick"><input type="radio" name="treatable" value="unknown" checked> I cannot say now</label>
</fieldset>
${visit.session.steppedUp ? null : field({ name: 'password', label: 'Your password', type: 'password', autocomplete: 'current-password', hint: 'You signed in more than five minutes ago.' })}
<button class="grave">Show what this participant was given</button>
</form></section>`;
}

const lead =
  'For one participant whose treatment depends on it. Nobody has to agree. It is recorded that you looked, and the study team is told that it happened, not what you saw.';

async function show(visit: PersonVisit): Promise<Answer> {
  requirePhysician(visit);
  const number = visit.form.get('number') ?? visit.query.get('number') ?? '';
  const studies = isLabel(number) ? await mine(visit, number) : studiesOf(visit);
  return {
    page: {
      title: 'Emergency code break',
      lead,
      body: [
        form(visit, number, studies),
        html`<p><a href="/room/emergency/drill">Drill</a>: the same way, with nobody’s treatment.</p>`,
      ],
    },
  };
}

/** Studies of the physician in which the number is on a kit. */
async function mine(visit: PersonVisit, number: string): Promise<string[]> {
  const open = new Set(studiesOf(visit));
  return (await studiesWithKit(visit.house, number)).filter((id) => open.has(id));
}

async function confirm({ house, session, form: given }: PersonVisit): Promise<void> {
  if (session.steppedUp) return;
  const { personId, login } = session.person;
  if (house.attempts.byLogin.blocked(personId))
    throw new Refusal('unauthorised', 'Too many wrong passwords. Telephone instead.');
  if ((await personByPassword(house, login, given.get('password') ?? '')) !== null) return;
  house.attempts.byLogin.fail(personId);
  throw new Refusal('unauthorised', 'The password is not right.');
}

async function breakOpen(visit: PersonVisit): Promise<Answer> {
  const { house, form: given, session } = visit;
  const studies = requirePhysician(visit);
  await confirm(visit);
  const number = (given.get('number') ?? '').toUpperCase().replace(/[\s-]/g, '');
  const found = isLabel(number) ? await mine(visit, number) : studies;
  const chosen = found.length === 1 ? found[0] : found.find((id) => id === given.get('study'));
  if (chosen === undefined) {
    if (found.length > 1) throw new Refusal('request_invalid', 'Say which study: this number may be in more than one.');
    throw new Refusal(
      'not_found',
      'No participant of your studies has this number. Check it letter by letter, or telephone.',
    );
  }
  const cause = reasons.find(({ value }) => value === given.get('cause'))?.label ?? 'Another reason';
  const reason = [cause, given.get('reason')?.trim()].filter(Boolean).join(': ').slice(0, 1000);
  const treatable = (['yes', 'no', 'unknown'] as const).find((one) => one === given.get('treatable')) ?? 'unknown';
  const wanted = { column: isLabel(number) ? 'kit' : 'participant_id', value: number } as const;
  const asked = { by: session.person.personId, role: 'physician', reason, treatable };
  const { treatment } = await unblind(house, chosen, wanted, 'emergency', asked);
  return { page: treatmentPage(chosen, treatment, house.clock.now()) };
}

export function treatmentPage(studyId: string, treatment: Treatment, now: string): Page {
  const { participantId, holdings, kit } = treatment;
  const active = holdings.filter(({ role }) => role !== 'placebo');
  return {
    title: active.length === 0 ? 'Placebo only' : active.map(({ label }) => label).join(', '),
    over: `${studyId}, participant ${participantId}, kit ${kit}`,
    unblinding: true,
    body: [
      html`<style>@media print{main{display:none}}</style>`,
      ...holdings.map((held) => holdingWords(held, holdings.length > 1)),
      active.length === 0
        ? html`<section><h2>For treatment</h2><p>No capsule of this participant holds an active substance, as far as the batch records go. What else was taken has to be asked.</p></section>`
        : treatmentWords(active),
      html`<section><h2>What happens now</h2><p>Study capsules stop. The participant stays in follow-up. The team hears that the code was broken and not what you saw: please do not tell anybody who assesses this participant, and do not write it into the study’s record.</p><p class="hint">Shown ${instant(now)}. Not for printing; it is in no cache. Open it again where it is needed.</p></section>`,
    ],
  };
}

function holdingWords(held: Holding, several: boolean): Markup {
  const basis = {
    batch: 'As measured of the batch.',
    protocol: 'As the protocol plans it; the kit was not packed from a recorded batch.',
    none: '',
  }[held.basis];
  return html`<section><h2>${held.label}</h2><p class="big">${held.dose ?? (held.role === 'placebo' ? 'Nothing active' : 'The dose is not known')}</p>${basis === '' ? null : html`<p class="hint">${basis}</p>`}${several ? html`<p>Capsules number ${runs(held.capsules)}.</p>` : null}${held.batchId === null ? null : html`<p class="hint">Batch ${held.batchId}</p>`}</section>`;
}

/** `1-4, 7, 9-12`. */
export function runs(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

function treatmentWords(active: readonly Holding[]): Markup {
  const ids = new Set(active.flatMap((held) => held.substances));
  const known = [...ids].flatMap((id) => {
    const found = (
      substances as Record<string, { label: string; durationHours: { value: { lower: number; upper: number } } | null }>
    )[id];
    return found ? [found] : [];
  });
  const grave = interactionClasses.filter(
    ({ severity, substances: about }: InteractionClass) =>
      (severity === 'contraindicated' || severity === 'major') && about.some((id) => ids.has(id)),
  );
  return html`<section><h2>For treatment</h2>${known.map(({ label, durationHours }) => html`<p>${label}: ${durationHours === null ? 'how long it acts is not known from controlled studies' : `after a full dose effects last ${durationHours.value.lower} to ${durationHours.value.upper} hours; a study capsule holds a small part of one`}.</p>`)}${
    grave.length === 0
      ? null
      : table(
          'Medicines that matter',
          ['Medicine', 'Grade', 'Why'],
          grave.map(({ label, severity, mechanism }) => [label, severity, mechanism]),
        )
  }<p class="hint">Published facts, not advice for this patient. Poison centres can be called at any hour.</p></section>`;
}

const anywhere: PageRoute = {
  path: '/emergency',
  who: 'somebody',
  place: 'Emergency',
  shows: ({ person }) => person.roles.some(({ role }) => role === 'physician'),
  get: show,
  post: breakOpen,
};
const inStudy: PageRoute = { path: '/studies/:studyId/emergency', who: 'physician', get: show, post: breakOpen };

const drillPage: PageRoute = {
  path: '/emergency/drill',
  who: 'somebody',
  get: async (visit) => {
    const studies = requirePhysician(visit);
    const drills = await Promise.all(
      studies.map(async (studyId) => ({ studyId, last: await lastDrill(visit.house, studyId) })),
    );
    const rows = drills.map(({ studyId, last }) => [
      studyId,
      last === null ? 'never' : instant(last.at),
      last === null ? '–' : `${(last.answeredInMs / 1000).toFixed(1)} s`,
    ]);
    return {
      page: {
        title: 'Emergency drill',
        lead: 'Every step of a code break with nobody’s treatment. Before a site opens, and every quarter.',
        body: [
          table('Last drills', ['Study', 'When', 'From asking to the answer'], rows, [2]),
          html`<section><form method="post"><input type="hidden" name="started" value="${visit.house.clock.now()}">${choice({ name: 'study', label: 'Study', options: studies.map((id) => ({ value: id, label: id })) })}${choice({ name: 'cause', label: 'Why', options: [...reasons] })}<button>Break the code of the drill</button></form></section>`,
        ],
      },
    };
  },
  post: async (visit) => {
    const { house, form: given, session } = visit;
    const studyId = requirePhysician(visit).find((id) => id === given.get('study'));
    if (studyId === undefined) throw new Refusal('request_invalid', 'Choose a study.');
    const started = Date.parse(given.get('started') ?? '');
    if (Number.isNaN(started)) throw new Refusal('request_invalid', 'Begin the drill from its page.');
    const ms = await drill(house, studyId, session.person.personId, started);
    return {
      page: {
        title: 'Drill',
        over: studyId,
        body: html`${notice('good', `The way is open. ${(ms / 1000).toFixed(1)} seconds from the question to this page.`)}<section><p class="big">This is a drill. Nobody’s treatment was opened.</p><p>In an emergency, substance and dose would stand here.</p></section>`,
      },
    };
  },
};

export const emergencyPages: readonly PageRoute[] = [anywhere, inStudy, drillPage];

/** What the physician sees: substance, dose, when, and what it means for treatment. Large and plain. */
import { html, type Markup, type Part } from '@limen/protocol';
import { type Avoid, type Meaning, meaningOf } from '../../unblinding/meaning.ts';
import type { Content, Run, Treatment } from '../../unblinding/treatment.ts';
import { instant, notice, type Page, table } from '../page.ts';
import { formatInterval } from './interval.ts';

export type Answered = {
  readonly studyTitle: string;
  /** As on the card or kit. */
  readonly kit: string;
  /** Instead of the number, such as `participant 7K2M…`. */
  readonly subject?: string;
  /** Absent: an emergency. */
  readonly kind?: 'planned' | 'safety';
  readonly treatment: Treatment;
  /** The last capsule the study server knew of, as the link said it. */
  readonly last: LastCapsule | null;
  /** ISO, UTC. */
  readonly now: string;
  /** Of a drill: seconds from its start; null where none was begun. */
  readonly drill: { readonly seconds: number | null } | null;
};

/** `dose`: its number, from 1. */
export type LastCapsule = { readonly dose: number | null; readonly at: string };

export function answerPage(answered: Answered): Page {
  const { studyTitle, kit, subject = `card ${kit}`, kind, treatment, drill } = answered;
  return {
    title: drill === null ? `Treatment of ${subject}` : `Drill: treatment of ${subject}`,
    over: studyTitle,
    unblinding: drill === null,
    unprintable: true,
    body: [
      drill !== null && drillNotice(drill.seconds),
      verdict(answered),
      treatment.runs.length > 1 && html`<section><h2>Capsule by capsule</h2>${runsTable(treatment.runs)}</section>`,
      ...meaningsOf(treatment.contents).map(meaningSection),
      drill === null && (kind === undefined ? afterwards : quietly),
    ],
  };
}

function drillNotice(seconds: number | null): Markup {
  const time =
    seconds === null
      ? 'No drill was begun, so no time is recorded.'
      : `${formatInterval(seconds)} from the start of the drill to this page.`;
  return notice('good', `This is a drill. The participant is made up and no treatment of anybody was opened. ${time}`);
}

function verdict({ treatment, last, now }: Answered): Markup {
  const { contents, runs } = treatment;
  const lastRun =
    last?.dose == null ? undefined : runs.find(({ from, to }) => from <= (last.dose ?? 0) && (last.dose ?? 0) <= to);
  return html`<section aria-label="What it is">${contents.map(
    (content) =>
      html`<div><p class="verdict">${headline(content, contents.length)}</p>${content.doses.map((dose) => html`<p class="big">${dose}</p>`)}${content.felt === null ? null : html`<p class="big">The placebo can be felt: it holds ${content.felt}.</p>`}</div>`,
  )}${last === null ? html`<p>The study’s own pages say when the last capsule was recorded.</p>` : html`<p class="big">Last capsule recorded: ${last.dose === null ? null : `number ${last.dose}, `}${instant(last.at)}, ${formatInterval(Math.max(0, (Date.parse(now) - Date.parse(last.at)) / 1000))} ago.${lastRun === undefined || runs.length === 1 ? null : html` It held: <strong>${lastRun.content.label}</strong>.`}</p>`}</section>`;
}

function headline({ label, role }: Content, of: number): string {
  const share = of > 1 ? 'Some capsules: ' : '';
  if (role === 'placebo') return `${share}${label}: no active substance`;
  return role === 'active' ? `${share}${label}` : `${share}${label}: not known whether active`;
}

function runsTable(runs: readonly Run[]): Markup {
  const rows: Part[][] = runs.map(({ from, to, content }) => [
    from === to ? String(from) : `${from} to ${to}`,
    content.label,
    content.role === 'placebo' ? 'No active substance' : content.role === 'active' ? 'Active' : 'Not known',
  ]);
  return table('Contents by capsule number', ['Capsule', 'Content', ''], rows);
}

const meaningsOf = (contents: readonly Content[]): readonly (Meaning | null)[] => {
  const substances = [...new Set(contents.flatMap((content) => content.substances))];
  if (substances.length > 0) return substances.map(meaningOf);
  return contents.every(({ role, felt }) => role === 'placebo' && felt === null) ? [null] : [];
};

const severityWords: Readonly<Record<string, string>> = {
  contraindicated: 'Do not give',
  major: 'Avoid',
  moderate: 'With care',
};

function meaningSection(meaning: Meaning | null): Markup {
  if (meaning === null) {
    return html`<section><h2>What this means for treatment</h2><p class="big">The capsules do not explain the symptoms. Look for another cause, and for other substances.</p><p>Nothing in the capsules limits which medicines you may give.</p></section>`;
  }
  const { label, says, avoid } = meaning;
  return html`<section><h2>What this means for treatment: ${label}</h2><ul class="marked">${says.map((one) => html`<li>${one}</li>`)}</ul>${table('Medicines that matter beside it', ['', 'Medicines', 'Why'], avoid.map(avoidRow))}</section>`;
}

function avoidRow({ severity, label, mechanism, washoutDays, fromMemory }: Avoid): Part[] {
  const days = washoutDays === 0 ? '' : ` Counts for ${washoutDays} days after the last intake.`;
  return [
    html`<strong>${severityWords[severity] ?? severity}</strong>`,
    label,
    `${mechanism}${days}${fromMemory ? ' (General knowledge, not checked against a source.)' : ''}`,
  ];
}

const quietly = html`<section><h2>Afterwards</h2><p>What you found goes into the report or where the plan says, and nowhere else. Do not tell anybody who treats, sees or assesses this participant in the study.</p></section>`;

const afterwards = html`<section><h2>Afterwards</h2><ul class="marked"><li>Say what you found only to people who treat this person. The study team stays blinded: it has been told that the code was opened, and not what was found.</li><li>Capsules stop for this participant; follow-up goes on.</li><li>The investigator fills in a form within 24 hours: why, who now knows, and what it means. Leave your name and number with the study team.</li></ul></section>`;

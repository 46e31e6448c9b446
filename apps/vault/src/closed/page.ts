/** The closed report as a page: tables, one figure, nothing that runs. */
import { html, type Markup, type Part, type StoppingRule } from '@limen/protocol';
import { instant, type Page, table } from '../pages/page.ts';
import type { OpenedMeeting } from './meetings.ts';
import {
  type Arm,
  armsOf,
  disposition,
  endpointsOf,
  eventsBy,
  guessesBy,
  isRelated,
  outcomeBy,
  type Share,
  staying,
  stoppingBy,
  termsOf,
} from './tables.ts';

const fixed = (value: number, digits = 1) => value.toFixed(digits);
const percent = (share: number) => `${fixed(100 * share)} %`;

export function reportPage(meeting: OpenedMeeting, armOf: ReadonlyMap<string, string>): Page {
  const { data, letters, study, dataHash } = meeting;
  const arms = armsOf(data, letters, armOf);
  return {
    title: 'Closed report',
    over: `${study.studyId}, data of ${instant(data.asOf)}`,
    lead: 'For the safety board’s closed session alone. The arms carry letters drawn for this meeting; another meeting has others.',
    unblinding: true,
    unprintable: true,
    body: [
      html`<section><dl class="facts"><dt>Data</dt><dd><code>${dataHash.slice(0, 16)}…</code></dd><dt>Protocol</dt><dd>version ${data.protocolVersion}</dd><dt>Participants</dt><dd>${data.participants.length}</dd></dl></section>`,
      section('Disposition', counted(arms)),
      section('Staying in the study', stayingTable(arms)),
      section('Exposure', exposure(arms)),
      section('Adverse events', events(arms)),
      ...endpointsOf(study.document).map(({ id, label }) => section(label, outcome(arms, id, label))),
      section('Stopping rules', stopping(study.document?.safety.stoppingRules ?? [], arms)),
      section('Guesses', guesses(arms)),
      html`<p class="hint">People: with at least one such event, with exact 95 % limits (Clopper &amp; Pearson). Means with 95 % t limits, unadjusted and not corrected for looking often: the charter says what they may decide.</p>`,
    ],
  };
}

const section = (title: string, body: Part): Markup => html`<section><h2>${title}</h2>${body}</section>`;
const headOf = (first: string, arms: readonly Arm[]) => [first, ...arms.map(({ letter }) => `Arm ${letter}`)];
const numbers = (arms: readonly Arm[]) => arms.map((_, index) => index + 1);

function counted(arms: readonly Arm[]): Markup {
  const rows = disposition(arms).map(({ what, counts }) => [what, ...counts]);
  return table('People', headOf('', arms), rows, numbers(arms));
}

function stayingTable(arms: readonly Arm[]): Markup {
  const longest = Math.max(0, ...arms.flatMap(({ people }) => people.map(({ followedDays }) => followedDays)));
  const days = [14, 28, 42, 56, 84, 168].filter((day, index) => index === 0 || day <= longest);
  const shares = arms.map((arm) => staying(arm, days));
  const rows = days.map((day, index) => [
    `${day} days`,
    ...shares.map((arm) => (arm[index] == null ? '–' : percent(arm[index]))),
  ]);
  return table('Share not withdrawn, Kaplan & Meier', headOf('After', arms), rows, numbers(arms));
}

function exposure(arms: readonly Arm[]): Markup {
  const total = (arm: Arm, of: (person: Arm['people'][number]) => number) =>
    arm.people.reduce((sum, person) => sum + of(person), 0);
  const mean = (arm: Arm, of: (person: Arm['people'][number]) => number) =>
    arm.people.length === 0 ? '–' : fixed(total(arm, of) / arm.people.length);
  return table(
    'Capsules',
    headOf('', arms),
    [
      ['Taken', ...arms.map((arm) => total(arm, ({ dosesTaken }) => dosesTaken))],
      ['Taken per person', ...arms.map((arm) => mean(arm, ({ dosesTaken }) => dosesTaken))],
      ['Missed', ...arms.map((arm) => total(arm, ({ dosesMissed }) => dosesMissed))],
      ['Days followed per person', ...arms.map((arm) => mean(arm, ({ followedDays }) => followedDays))],
    ],
    numbers(arms),
  );
}

const shareWords = ({ people, of, events: count, lower, upper }: Share) =>
  of === 0
    ? '–'
    : `${people} of ${of} (${percent(lower)} to ${percent(upper)}); ${count} ${count === 1 ? 'event' : 'events'}`;

const relatednesses = ['unrelated', 'unlikely', 'possible', 'probable', 'definite', null];

function events(arms: readonly Arm[]): Markup {
  type Event = Arm['people'][number]['adverseEvents'][number];
  const row = (what: string, holds: (event: Event) => boolean) => [
    what,
    ...arms.map((arm) => shareWords(eventsBy(arm, holds))),
  ];
  const terms = termsOf(arms);
  return html`${table('By weight', headOf('', arms), [
    row('Any', () => true),
    row('Grade 3 or more', ({ grade }) => grade >= 3),
    row('Serious', ({ serious }) => serious),
    row('Related, or not assessed', isRelated),
    row('Grade 3 or more, and related or not assessed', (event) => event.grade >= 3 && isRelated(event)),
  ])}${table(
    'By grade',
    headOf('Grade', arms),
    [1, 2, 3, 4, 5].map((grade) => row(String(grade), (event) => event.grade === grade)),
  )}${table(
    'By relatedness, as the investigators judged it without knowing the arm',
    headOf('', arms),
    relatednesses.map((value) => row(value ?? 'not assessed', ({ relatedness }) => relatedness === value)),
  )}${
    terms.length === 0
      ? html`<p class="empty">No adverse event has been reported.</p>`
      : table(
          'By term',
          headOf('Term', arms),
          terms.map((term) => row(term, (event) => event.term === term)),
        )
  }`;
}

function outcome(arms: readonly Arm[], id: string, label: string): Markup {
  const means = arms.map((arm) => outcomeBy(arm, id));
  const days = [...new Set(means.flatMap((byDay) => [...byDay.keys()]))].sort((a, b) => a - b);
  if (days.length === 0) return html`<p class="empty">No values yet.</p>`;
  const rows = days.map((day) => [
    `Day ${day}`,
    ...means.map((byDay) => {
      const found = byDay.get(day);
      if (found === undefined) return '–';
      const limits =
        found.lower === null || found.upper === null ? '' : ` (${fixed(found.lower, 2)} to ${fixed(found.upper, 2)})`;
      return `${fixed(found.mean, 2)}${limits}, n ${found.n}`;
    }),
  ]);
  return html`${figure(arms, means, days, label)}${table(label, headOf('', arms), rows)}`;
}

const dashes = ['', '6 3', '2 3', '8 3 2 3'];

/** Means over days; the table below holds the same numbers. */
function figure(
  arms: readonly Arm[],
  means: readonly ReturnType<typeof outcomeBy>[],
  days: readonly number[],
  label: string,
): Markup | null {
  const all = means.flatMap((byDay) => [...byDay.values()].map(({ mean }) => mean));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  if (days.length < 2 || high === low) return null;
  const x = (day: number) => fixed(50 + (540 * (day - first)) / (last - first));
  const y = (value: number) => fixed(190 - (160 * (value - low)) / (high - low));
  const lines = means.map((byDay, index) => {
    const points = [...byDay].map(([day, { mean }]) => `${x(day)},${y(mean)}`).join(' ');
    const [end, value] = [...byDay].at(-1) ?? [first, { mean: low }];
    return html`<polyline points="${points}" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="${dashes[index % dashes.length] ?? ''}"/><text x="${fixed(Number(x(end)) + 6)}" y="${y(value.mean)}" font-size="13" fill="currentColor">${arms[index]?.letter ?? ''}</text>`;
  });
  return html`<svg viewBox="0 0 640 220" role="img" aria-label="${label}: means by study day, arms ${arms.map(({ letter }) => letter).join(', ')}; numbers in the table below" style="max-width:40rem;width:100%"><line x1="50" y1="190" x2="590" y2="190" stroke="currentColor" opacity=".4"/><text x="50" y="210" font-size="12" fill="currentColor">day ${first}</text><text x="590" y="210" font-size="12" text-anchor="end" fill="currentColor">day ${last}</text><text x="44" y="34" font-size="12" text-anchor="end" fill="currentColor">${fixed(high)}</text><text x="44" y="194" font-size="12" text-anchor="end" fill="currentColor">${fixed(low)}</text>${lines}</svg>`;
}

function guesses(arms: readonly Arm[]): Markup {
  const found = arms.map(guessesBy);
  const answers = [...new Set(found.flatMap((counts) => [...counts.keys()]))].sort();
  if (answers.length === 0) return html`<p class="empty">Nobody has been asked yet.</p>`;
  const rows: Part[][] = answers.map((answer) => [answer, ...found.map((counts) => counts.get(answer) ?? 0)]);
  return html`${table('Last guess of everybody', headOf('', arms), rows, numbers(arms))}<p class="hint">Which guess is right of an arm is not shown: it would say which arm it is.</p>`;
}

const eventWords: Readonly<Record<StoppingRule['event'], string>> = {
  relatedGrade3: 'related, grade 3 or more',
  serious: 'serious',
  death: 'death',
};

function stopping(rules: readonly StoppingRule[], arms: readonly Arm[]): Markup {
  if (rules.length === 0) return html`<p class="empty">The protocol has no stopping rule.</p>`;
  const rows = rules.map((rule) => [
    `${rule.label} (${eventWords[rule.event]}; ${rule.kind === 'count' ? `${rule.atLeast} or more` : `Pr(rate > ${percent(rule.limit)}) > ${rule.probability}`})`,
    ...arms.map((arm) => {
      const { people, exposed, probability, met } = stoppingBy(arm, rule);
      const chance = rule.kind === 'rate' ? `; ${probability === null ? 'too few' : fixed(probability, 3)}` : '';
      return html`${people} of ${exposed}${chance}${met ? html`, <strong>met</strong>` : null}`;
    }),
  ]);
  return html`${table('By arm', headOf('Rule', arms), rows)}<p class="hint">The protocol asks its rules of everybody together; asked of an arm by itself they are a help for judging, and pause nothing.</p>`;
}

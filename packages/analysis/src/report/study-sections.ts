/** The chapters that only a study run with its record has. */

import { html, type Part } from '@limen/protocol';
import type { Results, StudyPart } from '../results.ts';
import type { Blocks } from './blocks.ts';
import { adherenceFigure, enrolmentFigure } from './conduct-figures.ts';
import { flowFigure } from './flow-diagram.ts';
import { fixed, interval, percent } from './numbers.ts';
import { dropOutMarkup } from './person-sections.ts';
import type { Section } from './sections.ts';

export function participantsSection(study: StudyPart, blocks: Blocks): Section {
  const { flow, sets, expectancy, dropOut } = study;
  const enrolment = enrolmentFigure(flow);
  const body = html`${blocks.figure(flowFigure(flow))}${enrolment !== null && blocks.figure(enrolment)}${blocks.table({
    title: 'Analysis sets, by arm, and why others are not in them',
    columns: [
      { head: 'Set' },
      { head: 'Participants' },
      ...sets.arms.map(({ label }) => ({ head: label })),
      { head: 'Who', left: true },
      { head: 'Not in it', left: true },
    ],
    rows: setRows(sets),
  })}${blocks.table({
    title: 'Baseline',
    columns: [{ head: 'Arm' }, { head: 'Participants' }, { head: 'Age, mean (SD)' }, { head: 'Sex', left: true }],
    rows: study.baseline.map(({ label, participants, age, sex }): Part[] => [
      label,
      participants,
      age === null ? '' : `${fixed(age.mean, 1)}${age.sd === null ? '' : ` (${fixed(age.sd, 1)})`}`,
      sex.map((one) => `${one.answer} ${one.participants}`).join(', '),
    ]),
    note: 'No test compares the arms: whatever differs here came by chance.',
  })}${
    expectancy.arms.length > 0 &&
    blocks.table({
      title: 'What people expected before the first capsule',
      columns: [{ head: 'Arm' }, { head: 'Answered' }, { head: 'Mean' }, { head: 'SD' }],
      rows: [
        ...expectancy.arms.map(({ label, rows, mean, sd }): Part[] => [
          label,
          rows,
          fixed(mean, 1),
          sd === null ? '' : fixed(sd, 1),
        ]),
        [
          'All',
          expectancy.answered,
          expectancy.mean === null ? '' : fixed(expectancy.mean, 1),
          expectancy.sd === null ? '' : fixed(expectancy.sd, 1),
        ],
      ],
      note: 'Mean expectation, 0 to 100.',
    })
  }${dropOutMarkup(dropOut, blocks)}`;
  return { id: 'participants', title: 'Participants', body };
}

export function exposureSection({ exposure, entries, envelopes }: StudyPart, blocks: Blocks): Section {
  const adherence = adherenceFigure(exposure);
  const { overall } = exposure;
  const body = html`<p>${overall.taken} of ${overall.due} capsules due were taken${overall.due > 0 && ` (${percent(overall.taken / overall.due, 1)})`}, ${overall.late} of them late or outside their window. A missed capsule was never made up for.</p>${adherence !== null && blocks.figure(adherence)}${blocks.table(
    {
      title: 'Exposure by arm',
      columns: ['Arm', 'Participants', 'Due', 'Taken', 'Missed', 'Active taken', 'Adherence'].map((head) => ({ head })),
      rows: exposure.arms.map((arm): Part[] => [
        arm.label,
        arm.participants,
        arm.due,
        arm.taken,
        arm.missed,
        arm.active,
        arm.adherence === null ? '' : percent(arm.adherence, 1),
      ]),
    },
  )}${blocks.table({
    title: 'Entries',
    columns: [{ head: 'Entries' }, { head: 'Number' }],
    rows: [
      ['Questionnaires due', entries.due],
      [
        'Answered',
        entries.due === 0 ? entries.answered : `${entries.answered} (${percent(entries.answered / entries.due, 1)})`,
      ],
      ['Answered late, in the analysis', entries.late],
      ['Answered outside the window, left out', entries.outOfWindow],
      ['Corrected afterwards, with reason', entries.corrected],
      ['Not accepted, kept and shown to the team', entries.kept],
      ...entries.keptBy.map(({ code, entries: kept }): Part[] => [`of these ${code}`, kept]),
    ],
  })}${envelopes !== undefined && blocks.table(envelopeTable(envelopes))}`;
  return { id: 'exposure', title: 'Exposure and entries', body };
}

const flagWords: Readonly<Record<string, string>> = {
  otherWeek: 'of another week',
  leftover: 'that was to stay sealed',
  secondInWeek: 'as the second one of a week',
  openedBefore: 'that had been opened before',
  otherPerson: 'of another person',
};

function envelopeTable(envelopes: NonNullable<StudyPart['envelopes']>) {
  const { packed, opened, flagged, otherThanPlanned, sealsChecked, sealsBroken } = envelopes;
  return {
    title: 'Envelopes packed by the participants',
    columns: [{ head: 'Envelopes' }, { head: 'Number' }],
    rows: [
      ['People who packed their own', packed],
      ['Envelopes opened', opened],
      ...flagged.map(({ flag, openings }): Part[] => [`of these ${flagWords[flag] ?? flag}`, openings]),
      ['People who opened others than planned', otherThanPlanned],
      ['Seals of leftovers looked at', sealsChecked],
      ['of these torn or with another code', sealsBroken],
    ] satisfies Part[][],
    note: 'Who opened others than planned is left out of contrasts between arms; their capsules count for what they held.',
  };
}

function setRows(sets: StudyPart['sets']): Part[][] {
  const because = (reasons: readonly { readonly reason: string; readonly participants: number }[]) =>
    reasons.map(({ reason, participants }) => `${reason} (${participants})`).join('; ');
  const row = (name: string, of: 'randomised' | 'safety' | 'perProtocol' | 'completers', who: string, not: string) => [
    name,
    sets[of],
    ...sets.arms.map((arm) => arm[of]),
    who,
    not,
  ];
  return [
    row(
      'Randomised',
      'randomised',
      'everybody randomised, analysed as allocated (intention to treat); every outcome uses this set',
      '',
    ),
    row('Safety', 'safety', 'took at least one capsule', because(sets.safetyReasons)),
    row(
      'Per protocol',
      'perProtocol',
      'took at least 80% of the capsules due, none outside its window, and completed',
      because(sets.perProtocolReasons),
    ),
    row('Completers', 'completers', 'reached the end of the study', because(sets.completerReasons)),
  ];
}

export function adverseEventsSection({ adverseEvents, exposure }: StudyPart, blocks: Blocks): Section {
  const rate = (value: number | null) => (value === null ? '' : fixed(value, 1));
  const heads = exposure.contents.map(({ label }) => ({ head: `${label}: per 100 capsules` }));
  const body = html`<p>Each event is counted with the latest capsule taken up to the day of its onset; ${adverseEvents.beforeFirstCapsule} began before any capsule. Terms are as reported.</p>${blocks.table(
    {
      title: 'Adverse events by what the capsule held',
      columns: [
        ...['Content', 'Capsules taken', 'Events', 'Per 100 capsules (95% interval)'],
        ...[1, 2, 3, 4, 5].map((grade) => `Grade ${grade}`),
      ].map((head) => ({ head })),
      rows: adverseEvents.contents.map((one): Part[] => [
        one.label,
        one.capsules,
        one.events,
        one.interval === null
          ? ''
          : `${rate(one.perHundredCapsules)} (${interval(one.interval.lower, one.interval.upper, 1)})`,
        ...one.grades,
      ]),
      note: 'Exact Poisson interval of the number of events. Events of one person are counted one by one.',
    },
  )}${
    adverseEvents.terms.length > 0 &&
    blocks.table({
      title: 'Adverse events by term',
      columns: [
        { head: 'Term' },
        { head: 'Events' },
        { head: 'People' },
        { head: 'Serious' },
        { head: 'Worst grade' },
        ...heads,
      ],
      rows: adverseEvents.terms.map((one): Part[] => [
        one.term,
        one.events,
        one.participants,
        one.serious,
        one.worstGrade,
        ...one.byContent.map(
          ({ events, perHundredCapsules }) => `${events} (${rate(perHundredCapsules) || 'none taken'})`,
        ),
      ]),
    })
  }${blocks.table({
    title: 'Adverse events by grade and relatedness',
    columns: [{ head: 'Group' }, { head: 'Events' }],
    rows: [
      ...adverseEvents.grades.map(({ grade, events }): Part[] => [`grade ${grade}`, events]),
      ...adverseEvents.relatedness.map(({ relatedness, events }): Part[] => [relatedness, events]),
    ],
    note: 'Grades 1 to 5: mild, moderate, severe, life-threatening, death. Relatedness as assessed while everybody was blinded.',
  })}`;
  return { id: 'adverse-events', title: 'Adverse events', body };
}

export function studyMeta(results: Results, study: StudyPart): readonly (readonly [string, Part])[] {
  return [
    ['Protocol', `${study.protocol.id} ${study.protocol.version}`],
    ['Participants randomised', results.participants],
    ['Data locked', study.lock.at.slice(0, 10)],
    ['Randomisation', study.randomisation.verified ? 'verified' : 'not verified'],
  ];
}

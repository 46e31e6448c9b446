/** For the tests of this room: a short study, a quiet person, and a record that is driven command by command. */
import { type Answers as Given, type Instrument, type Item, instrumentById, visibleItems } from '@limen/instruments';
import {
  type Calendar,
  compileCalendar,
  type ProtocolDocument,
  type ProtocolInput,
  protocolSchema,
} from '@limen/protocol';
import {
  type Answers,
  type Command,
  type CommandOf,
  type CommandType,
  type Decision,
  type DecisionContext,
  decide,
  type Event,
  evolve,
  initialState,
  invite,
  type ParticipantState,
  type ProblemCode,
  type Role,
} from './index.ts';

export const timeZone = 'Europe/Berlin';
/** A Monday. Berlin is one hour ahead of UTC until the 29th. */
export const startDate = '2026-03-02';
export const kit = 'K-7QF2';

const window = { opensAt: '12:00', closesAt: '20:00', closesAfterDays: 0, lateDays: 1 };
const everyDay = { kind: 'everyNDays', n: 1 } as const;
const neutral = 'The study team will speak with you.';

const draft: ProtocolInput = {
  format: 'limen-protocol/1',
  id: 'tiny',
  version: '1.0.0',
  language: 'en',
  title: 'A study of two weeks',
  shortTitle: 'Two weeks',
  rationale: 'For tests.',
  setting: 'takeHome',
  objectives: [{ id: 'mood', level: 'primary', text: 'Does mood change?' }],
  population: {
    description: 'Adults',
    plannedSampleSize: 10,
    screeningInstrument: 'screening-questionnaire',
    eligibility: [
      { id: 'adult', kind: 'inclusion', label: 'Adult', rule: 'screening.age >= 18', reason: 'For adults.' },
      { id: 'allergy', kind: 'exclusion', label: 'Allergy', rule: "screening.allergy == 'yes'", reason: 'Not safe.' },
    ],
  },
  interventions: [
    { id: 'micro-dose', label: 'Micro-dose', role: 'active', description: 'A small dose' },
    { id: 'placebo', label: 'Placebo', role: 'placebo', description: 'Nothing' },
  ],
  arms: [
    { id: 'a', label: 'A', weight: 1, description: 'A', content: { kind: 'constant', intervention: 'micro-dose' } },
    { id: 'b', label: 'B', weight: 1, description: 'B', content: { kind: 'constant', intervention: 'placebo' } },
  ],
  epochs: [
    { id: 'baseline', label: 'Baseline', type: 'baseline', firstDay: 1, lastDay: 2 },
    { id: 'dosing', label: 'Dosing', type: 'dosing', firstDay: 3, lastDay: 10 },
    { id: 'after', label: 'After', type: 'followUp', firstDay: 11, lastDay: 14 },
  ],
  startsOn: 'mon',
  dosing: {
    epoch: 'dosing',
    regimen: { kind: 'everyNDays', n: 2 },
    takeFrom: '08:00',
    takeUntil: '10:00',
    missed: 'window',
    minimumHoursBetween: 40,
    maximumDoses: 4,
    unitLabel: 'Study capsule',
  },
  activities: [
    {
      id: 'phq-start',
      label: 'Mood before',
      instrument: 'phq-9',
      purpose: 'baseline',
      epoch: 'baseline',
      on: everyDay,
      window,
    },
    {
      id: 'today',
      label: 'Today',
      instrument: 'daily-check-in',
      purpose: 'daily',
      epoch: 'dosing',
      on: everyDay,
      window,
    },
    {
      id: 'evening',
      label: 'The evening',
      instrument: 'post-acute',
      purpose: 'postAcute',
      epoch: 'dosing',
      on: 'doseDays',
      window,
      after: ['today'],
      required: false,
    },
    {
      id: 'guess',
      label: 'Your guess',
      instrument: 'treatment-guess',
      purpose: 'guess',
      epoch: 'dosing',
      on: 'doseDays',
      window: { ...window, lateDays: 3 },
      after: ['today'],
      required: false,
    },
    {
      id: 'phq-end',
      label: 'Mood after',
      instrument: 'phq-9',
      purpose: 'accumulative',
      epoch: 'after',
      on: everyDay,
      window,
    },
  ],
  randomisation: { procedure: { kind: 'complete' } },
  blinding: { masked: ['participant', 'investigator'], guessActivity: 'guess', armsDisclosed: true },
  safety: {
    holdRules: [
      {
        id: 'phq-rise',
        label: 'Mood much lower',
        rule: "latest['phq-9'].total - baseline['phq-9'].total >= 5",
        effect: 'review',
        severity: 'prompt',
        participantMessage: neutral,
      },
      {
        id: 'phq-high',
        label: 'Low mood',
        rule: "latest['phq-9'].total >= 15",
        effect: 'hold',
        severity: 'prompt',
        participantMessage: neutral,
      },
      {
        id: 'new-medicine',
        label: 'A new medicine',
        rule: "'new-medicine' in flags",
        effect: 'hold',
        severity: 'prompt',
        participantMessage: neutral,
      },
      {
        id: 'missed',
        label: 'Capsules missed',
        rule: 'doses.missed >= 2',
        effect: 'review',
        severity: 'routine',
        participantMessage: neutral,
      },
    ],
  },
  consent: [
    { version: '1.9', language: 'en', title: 'Old', sections: [{ id: 'all', heading: 'All', text: 'Old.' }] },
    {
      version: '1.10',
      language: 'en',
      title: 'Taking part',
      sections: [{ id: 'all', heading: 'All', text: 'You may stop at any time.' }],
      comprehension: [
        {
          id: 'stop',
          question: 'May you stop?',
          options: ['Yes', 'No'],
          correct: 0,
          explanation: 'You may stop at any time, without a reason.',
        },
      ],
      choices: [
        { id: 'data', label: 'My data may be used', required: true },
        { id: 'contact', label: 'You may contact me later', required: false },
      ],
    },
    { version: '2.0', language: 'de', title: 'Teilnahme', sections: [{ id: 'all', heading: 'Alles', text: 'Alles.' }] },
  ],
  analysis: {
    reference: 'placebo',
    alpha: 0.05,
    endpoints: [
      {
        id: 'mood',
        label: 'Mood',
        level: 'primary',
        activity: 'today',
        score: 'mood',
        contrast: 'arm',
        model: 'value ~ condition',
        better: 'higher',
      },
    ],
  },
};

export const tiny: ProtocolDocument = protocolSchema.parse(draft);

export const calendarFor = (protocol: ProtocolDocument, seed = 'seed'): Calendar =>
  compileCalendar(protocol, { startDate, timeZone, drawSeed: seed });

export const tinyCalendar = calendarFor(tiny);

/** The mildest answers that are complete. */
export function quietAnswers(id: string, changes: Answers = {}): Answers {
  const instrument = instrumentById(id);
  let answers: Given = changes;
  for (const item of instrument.items) {
    const asked = visibleItems(instrument, answers).includes(item);
    if (asked && item.required && answers[item.id] === undefined) {
      answers = { ...answers, [item.id]: quietAnswer(instrument, item) };
    }
  }
  return answers as Answers;
}

function quietAnswer(instrument: Instrument, item: Item): Given[string] {
  switch (item.kind) {
    case 'choice':
      return instrument.responseSets[item.responseSet]?.[0] ?? null;
    case 'multi-choice':
      return [item.exclusive ?? String(instrument.responseSets[item.responseSet]?.[0])];
    case 'rating':
      return 50;
    case 'number':
      return Math.round(item.typical?.mean ?? item.min);
    case 'time':
      return '08:00';
    case 'date':
      return startDate;
    case 'text-list':
      return ['Paracetamol'];
    case 'text':
      return 'words';
    default:
      return item satisfies never;
  }
}

let commandsMade = 0;

/** A command as the schema would let it pass, with an id of its own. */
export function command<T extends CommandType>(
  type: T,
  fields: Omit<CommandOf<T>, 'type' | 'commandId'>,
): CommandOf<T> {
  commandsMade += 1;
  return { type, commandId: `command-${String(commandsMade).padStart(10, '0')}`, ...fields } as CommandOf<T>;
}

export const screenCommand = (changes: Answers = {}) =>
  command('screen', {
    instrumentVersion: instrumentById('screening-questionnaire').version,
    answers: quietAnswers('screening-questionnaire', changes),
    medications: [],
  });

export const consentCommand = (changes: Partial<CommandOf<'consent'>> = {}) =>
  command('consent', {
    version: '1.10',
    choices: { data: true, contact: false },
    comprehension: { stop: 0 },
    signature: 'A. Person',
    ...changes,
  });

export function submitCommand(
  occurrence: string,
  changes: Answers = {},
  of: { protocol?: ProtocolDocument; sent?: CommandOf<'submit'>['device'] } = {},
) {
  const activityId = occurrence.slice(0, occurrence.lastIndexOf('@'));
  const activity = (of.protocol ?? tiny).activities.find(({ id }) => id === activityId);
  const instrument = activity?.instrument ?? 'daily-check-in';
  return command('submit', {
    occurrence,
    instrument,
    instrumentVersion: instrumentById(instrument).version,
    answers: quietAnswers(instrument, changes),
    ...(of.sent === undefined ? {} : { device: of.sent }),
  });
}

export const doseCommand = (occurrence: string, changes: Partial<CommandOf<'recordDose'>> = {}) =>
  command('recordDose', { occurrence, outcome: 'taken', ...changes });

export const adverseEventCommand = (changes: Partial<CommandOf<'reportAdverseEvent'>> = {}) =>
  command('reportAdverseEvent', {
    term: 'Headache',
    onset: startDate,
    ongoing: true,
    grade: 1,
    serious: false,
    ...changes,
  });

/** A device that did something and sent it at the same moment, by its own clock. */
export const deviceAt = (occurredAt: string, sentAt = occurredAt) => ({ occurredAt, sentAt, timeZone });

/** The instant of a local time on a study day. */
export function at(studyDay: number, time: string): string {
  const date = Temporal.PlainDate.from(startDate).add({ days: studyDay - 1 });
  return new Date(date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds).toISOString();
}

export type Driven = {
  readonly state: () => ParticipantState;
  readonly events: () => readonly Event[];
  /** Decides, and applies what was decided. */
  readonly act: (now: string, command: Command, given?: Partial<DecisionContext>) => Decision;
  /** As `act`, and it must be accepted. */
  readonly accept: (now: string, command: Command, given?: Partial<DecisionContext>) => readonly Event[];
  /** As `act`, and it must be refused. */
  readonly refuse: (now: string, command: Command, given?: Partial<DecisionContext>) => ProblemCode;
  readonly add: (...events: readonly Event[]) => void;
  readonly context: (now: string, given?: Partial<DecisionContext>) => DecisionContext;
};

export function openRecord(protocol: ProtocolDocument = tiny, calendar: Calendar = calendarFor(protocol)): Driven {
  let state = initialState({ studyId: 'study', participantId: 'P1' });
  const events: Event[] = [];
  let made = 0;
  const add = (...happened: readonly Event[]) => {
    for (const event of happened) {
      state = evolve(state, event);
      events.push(event);
    }
  };
  const context = (now: string, given: Partial<DecisionContext> = {}): DecisionContext => ({
    protocol,
    calendar: state.startDate === null ? null : calendar,
    now,
    actor: { id: 'someone', role: 'investigator' },
    newId: (kind) => {
      made += 1;
      return `${kind}-${made}`;
    },
    studyLocked: false,
    kit,
    ...given,
  });
  const act: Driven['act'] = (now, asked, given) => {
    const decision = decide(state, asked, context(now, given));
    if (decision.ok) add(...decision.events);
    return decision;
  };
  add(invite({ siteId: 'site', timeZone }));
  return {
    state: () => state,
    events: () => events,
    add,
    act,
    context,
    accept: (now, asked, given) => {
      const decision = act(now, asked, given);
      if (!decision.ok) throw new Error(`${asked.type} was refused: ${decision.problem.code}`);
      return decision.events;
    },
    refuse: (now, asked, given) => {
      const decision = act(now, asked, given);
      if (decision.ok) throw new Error(`${asked.type} was accepted`);
      return decision.problem.code;
    },
  };
}

export const as = (role: Role): Partial<DecisionContext> => ({ actor: { id: `the-${role}`, role } });

export function consentedRecord(): Driven {
  const record = openRecord();
  record.accept(at(1, '06:00'), screenCommand());
  record.accept(at(1, '06:10'), consentCommand());
  return record;
}

export function randomisedRecord(): Driven {
  const record = consentedRecord();
  record.accept(at(1, '06:20'), command('confirmEligibility', { reason: 'All criteria reviewed' }));
  record.accept(at(1, '06:30'), command('randomise', { startDate }));
  return record;
}

/** Kit in hand; capsules are due on days 3, 5, 7 and 9. */
export function dosingRecord(): Driven {
  const record = randomisedRecord();
  record.accept(at(1, '07:00'), command('dispense', { kit }));
  return record;
}

export const typesOf = (events: readonly Event[]): string[] => events.map(({ type }) => type);

const selfPacked: ProtocolDocument = {
  ...tiny,
  randomisation: { ...tiny.randomisation, procedure: { kind: 'selfBlindingWeeks', weeks: 4 } },
};

export const envelopeToken = (n: number): string => String(n).padStart(26, '0');

/** Tokens 1 to 4 are for weeks 1 to 4, tokens 5 to 8 stay sealed. */
export const envelopePlan = {
  weeks: [1, 2, 3, 4].map(envelopeToken),
  leftovers: [5, 6, 7, 8].map(envelopeToken),
} as const;

export const packingGiven: Partial<DecisionContext> = { protocol: selfPacked, envelopes: envelopePlan };

/** A step of packing with the facts it needs. */
export const packingStep = (step: CommandOf<'recordPacking'>['step']) =>
  command('recordPacking', {
    step,
    ...(step === 'weighed' ? { weights: [302, 298, 300], resolutionMg: 1 } : {}),
    ...(step === 'sealed' ? { sealCode: 'SEAL-1' } : {}),
  });

/** Packed by oneself as far as `until`; absent: all of it. */
export function packingRecord(until?: CommandOf<'recordPacking'>['step']): Driven {
  const record = randomisedRecord();
  record.accept(at(1, '07:00'), command('planPacking', { mode: 'self' }), packingGiven);
  for (const step of ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const) {
    record.accept(at(1, '07:30'), packingStep(step), packingGiven);
    if (step === until) break;
  }
  return record;
}

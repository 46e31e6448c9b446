/** Random histories against a small model of what must hold, whatever people and devices do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Command, type Decision, type Event, fold, initialState } from './index.ts';
import {
  adverseEventCommand,
  at,
  command,
  consentCommand,
  deviceAt,
  doseCommand,
  dosingRecord,
  kit,
  openRecord,
  screenCommand,
  startDate,
  submitCommand,
} from './test-study.ts';

type Real = ReturnType<typeof openRecord>;

/** What a careful clerk with paper would know. */
type Model = {
  now: number;
  screened: boolean;
  consented: boolean;
  confirmed: boolean;
  randomised: boolean;
  dispensed: boolean;
  stopped: boolean;
  refusedUse: boolean;
  ended: 'no' | 'withdrawn' | 'completed';
  holds: Set<string>;
  missed: Set<number>;
  takenAt: Map<number, number>;
  answered: Set<string>;
  highMood: Map<number, boolean>;
};

const hour = 3_600_000;
const doseDays = [3, 5, 7, 9];
const ms = (day: number, time: string) => Date.parse(at(day, time));
const running = (m: Model) => m.randomised && m.ended === 'no';

class Step implements fc.Command<Model, Real> {
  readonly name: string;
  readonly apply: (m: Model, real: Real, now: string) => { readonly asked: Command; readonly expected: boolean };
  readonly learn: (m: Model, events: readonly Event[]) => void;

  constructor(name: string, apply: Step['apply'], learn: Step['learn'] = () => {}) {
    this.name = name;
    this.apply = apply;
    this.learn = learn;
  }

  check(): boolean {
    return true;
  }

  run(m: Model, real: Real): void {
    const now = new Date(m.now).toISOString();
    const before = real.state();
    const ended = m.ended;
    const { asked, expected } = this.apply(m, real, now);
    const decision = real.act(now, asked);
    assert.equal(decision.ok, expected, `${this.name} at ${now}: ${decision.ok ? 'accepted' : decision.problem.code}`);
    if (decision.ok) this.learn(m, decision.events);
    else assert.equal(real.state(), before, 'a refused command changes nothing');
    assertInvariants(m, real, decision, ended, before.holds.length);
  }

  toString(): string {
    return this.name;
  }
}

function assertInvariants(m: Model, real: Real, decision: Decision, ended: Model['ended'], heldBefore: number): void {
  const state = real.state();
  const events = decision.ok ? decision.events : [];
  const taken = events.filter(({ type }) => type === 'dose.taken');
  if (taken.length > 0) {
    assert.equal(heldBefore, 0, 'no dose during a hold');
    assert.ok(state.dispensed, 'no dose before dispensing');
    assert.ok(
      state.consent !== null && state.eligibilityConfirmed,
      'no dose without consent and confirmed eligibility',
    );
  }
  if (ended === 'withdrawn') assert.ok(events.every(({ type }) => type === 'participant.withdrawn'));
  assert.equal(state.seq, real.events().length, 'every event counts one');
  assert.deepEqual(new Set(state.holds.map(({ rule }) => rule)), m.holds);
  assert.equal(state.holds.length, m.holds.size, 'one open hold per rule');
  assert.deepEqual(
    Object.keys(state.doses).sort(),
    [...m.takenAt.keys(), ...m.missed].map((day) => `dose@${day}`).sort(),
  );
  const times = Object.values(state.doseTimes)
    .map((time) => Date.parse(time))
    .sort((a, b) => a - b);
  for (const [index, time] of times.entries()) {
    const previous = times[index - 1];
    assert.ok(previous === undefined || time - previous >= 40 * hour, 'no two capsules close together');
  }
}

const wait = (hours: number) => new Wait(hours);
class Wait implements fc.Command<Model, Real> {
  readonly hours: number;
  constructor(hours: number) {
    this.hours = hours;
  }
  check(): boolean {
    return true;
  }
  run(m: Model): void {
    m.now += this.hours * hour;
  }
  toString(): string {
    return `wait ${this.hours} h`;
  }
}

const enrolment = [
  new Step(
    'screen',
    (m) => ({ asked: screenCommand(), expected: !m.consented && m.ended === 'no' }),
    (m) => {
      m.screened = true;
      m.confirmed = false;
    },
  ),
  new Step(
    'consent',
    (m) => ({ asked: consentCommand(), expected: m.screened && !m.consented && m.ended === 'no' }),
    (m) => {
      m.consented = true;
    },
  ),
  new Step(
    'confirm',
    (m) => ({
      asked: command('confirmEligibility', { reason: 'Reviewed' }),
      expected: m.consented && !m.confirmed && m.ended === 'no',
    }),
    (m) => {
      m.confirmed = true;
    },
  ),
  new Step(
    'randomise',
    (m) => ({
      asked: command('randomise', { startDate }),
      expected:
        m.confirmed && !m.randomised && !m.stopped && m.holds.size === 0 && m.ended === 'no' && m.now < ms(9, '00:00'),
    }),
    (m) => {
      m.randomised = true;
    },
  ),
  new Step(
    'dispense',
    (m) => ({
      asked: command('dispense', { kit }),
      expected: running(m) && !m.dispensed && !m.stopped && m.holds.size === 0,
    }),
    (m) => {
      m.dispensed = true;
    },
  ),
];

const dose = (day: number, outcome: 'taken' | 'missed', backHours: number) =>
  new Step(
    `${outcome} dose@${day}, ${backHours} h ago`,
    (m, _real, now) => {
      const moment = m.now - backHours * hour;
      const device = deviceAt(new Date(moment).toISOString(), now);
      const common =
        running(m) && m.dispensed && !m.stopped && doseDays.includes(day) && !m.takenAt.has(day) && !m.missed.has(day);
      const apart = [...m.takenAt.values()].every((other) => Math.abs(moment - other) >= 40 * hour);
      const free = outcome === 'missed' || (m.holds.size === 0 && apart);
      return {
        asked: doseCommand(`dose@${day}`, { outcome, device }),
        expected: common && free && moment >= ms(day, '08:00'),
      };
    },
    (m, [event]) => {
      if (event?.type === 'dose.taken') m.takenAt.set(day, Date.parse(event.takenAt));
      else m.missed.add(day);
    },
  );

const exists: Readonly<Record<string, (day: number) => boolean>> = {
  'phq-start': (day) => day <= 2,
  'phq-end': (day) => day >= 11 && day <= 14,
  today: (day) => day >= 3 && day <= 10,
  guess: (day) => doseDays.includes(day),
};

const submit = (activity: string, day: number, alarming: boolean) => {
  const mood = activity.startsWith('phq');
  const high = { q1: 3, q2: 3, q3: 3, q4: 3, q5: 3 };
  const changes = !alarming ? {} : mood ? high : activity === 'today' ? { newMedicine: 'yes' } : {};
  return new Step(
    `${alarming ? 'alarming ' : ''}${activity}@${day}`,
    (m) => {
      const first = activity !== 'guess' || m.answered.has(`today@${day}`) || m.now > ms(day + 1, '20:00');
      return {
        asked: submitCommand(`${activity}@${day}`, changes),
        expected:
          running(m) &&
          exists[activity]?.(day) === true &&
          !m.answered.has(`${activity}@${day}`) &&
          m.now >= ms(day, '12:00') &&
          first,
      };
    },
    (m) => {
      m.answered.add(`${activity}@${day}`);
      if (mood) {
        m.highMood.set(day, alarming);
        const latest = Math.max(...m.highMood.keys());
        if (alarming || m.highMood.get(latest)) m.holds.add('phq-high');
      } else if (alarming && activity === 'today') m.holds.add('new-medicine');
    },
  );
};

const adverseEvent = (grade: number) =>
  new Step(
    `adverse event of grade ${grade}`,
    (m) => ({ asked: adverseEventCommand({ grade }), expected: m.consented && m.ended !== 'withdrawn' }),
    (m) => {
      if (grade >= 3) m.holds.add('severe-adverse-event');
    },
  );

const hold = new Step(
  'hold',
  (m) => ({
    asked: command('hold', { reason: 'Waiting' }),
    expected: m.consented && m.ended === 'no' && !m.holds.has('manual'),
  }),
  (m) => {
    m.holds.add('manual');
  },
);

const resume = new Step(
  'resume',
  (m, real) => ({
    asked: command('resume', { holdId: real.state().holds[0]?.holdId ?? 'none', reason: 'Reviewed' }),
    expected: m.holds.size > 0 && m.ended !== 'withdrawn',
  }),
  (m) => {
    const [first] = m.holds;
    if (first !== undefined) m.holds.delete(first);
  },
);

const withdraw = (scope: 'dosing' | 'study' | 'futureUse') =>
  new Step(
    `withdraw from ${scope}`,
    (m) => {
      const fresh = scope === 'dosing' ? !m.stopped : scope === 'futureUse' ? !m.refusedUse : true;
      return { asked: command('withdraw', { scope }), expected: fresh && (m.ended === 'no' || scope === 'futureUse') };
    },
    (m) => {
      if (scope === 'futureUse') m.refusedUse = true;
      else m.stopped = true;
      if (scope === 'study') m.ended = 'withdrawn';
    },
  );

const complete = new Step(
  'complete',
  (m) => ({ asked: command('complete', {}), expected: running(m) && m.now >= ms(15, '00:00') }),
  (m) => {
    m.ended = 'completed';
  },
);

const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const steps: fc.Arbitrary<fc.Command<Model, Real>> = fc.oneof(
  often(6, fc.integer({ min: 1, max: 30 }).map(wait)),
  often(4, fc.constantFrom(...enrolment)),
  often(
    8,
    fc
      .tuple(
        fc.integer({ min: 2, max: 10 }),
        fc.constantFrom('taken' as const, 'taken' as const, 'missed' as const),
        fc.nat(30),
      )
      .map(([day, outcome, back]) => dose(day, outcome, back)),
  ),
  often(
    8,
    fc
      .tuple(fc.constantFrom(...Object.keys(exists)), fc.integer({ min: 1, max: 14 }), fc.boolean())
      .map(([activity, day, alarming]) => submit(activity, day, alarming)),
  ),
  often(1, fc.integer({ min: 1, max: 5 }).map(adverseEvent)),
  often(1, fc.constant(hold)),
  often(3, fc.constant(resume)),
  often(1, fc.constantFrom(withdraw('dosing'), withdraw('study'), withdraw('futureUse'), complete)),
);

function freshModel(): Model {
  return {
    now: ms(1, '06:00'),
    screened: false,
    consented: false,
    confirmed: false,
    randomised: false,
    dispensed: false,
    stopped: false,
    refusedUse: false,
    ended: 'no',
    holds: new Set(),
    missed: new Set(),
    takenAt: new Map(),
    answered: new Set(),
    highMood: new Map(),
  };
}

/** Half of the histories begin with a kit in hand, so that most of their steps are about capsules and diaries. */
function start(enrolled: boolean): { model: Model; real: Real } {
  if (!enrolled) return { model: freshModel(), real: openRecord() };
  const done = { screened: true, consented: true, confirmed: true, randomised: true, dispensed: true };
  return { model: { ...freshModel(), ...done, now: ms(2, '12:00') }, real: dosingRecord() };
}

test('in every history the rules hold and the record folds to the state', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.commands([steps], { maxCommands: 100, size: 'max' }), (enrolled, history) => {
      const { model, real } = start(enrolled);
      fc.modelRun(() => ({ model, real }), history);
      const ids = { studyId: 'study', participantId: 'P1' };
      assert.deepEqual(fold(initialState(ids), real.events()), real.state());
      assert.deepEqual(JSON.parse(JSON.stringify(real.state())), real.state(), 'the state is plain JSON');
    }),
    { numRuns: 250 },
  );
});

test('entries that were made offline give the same state in every order of arrival', () => {
  const arrival = at(12, '21:00');
  const entry = (made: string) => ({ device: deviceAt(made, arrival) });
  const entries: readonly Command[] = [
    ...[1, 2].map((day) => ({ ...submitCommand(`phq-start@${day}`, { q1: day }), ...entry(at(day, '13:00')) })),
    ...[3, 4, 5].map((day) => ({ ...submitCommand(`today@${day}`, { mood: day }), ...entry(at(day, '13:00')) })),
    ...[11, 12].map((day) => ({ ...submitCommand(`phq-end@${day}`, { q2: day - 10 }), ...entry(at(day, '13:00')) })),
    ...doseDays.map((day) => doseCommand(`dose@${day}`, entry(at(day, '09:00')))),
  ];
  const arrived = (order: readonly Command[]) => {
    const record = dosingRecord();
    for (const made of order) record.accept(arrival, made, { newId: () => 'id' });
    return record.state();
  };
  const expected = arrived(entries);
  fc.assert(
    fc.property(fc.shuffledSubarray([...entries], { minLength: entries.length }), (order) => {
      assert.deepEqual(arrived(order), expected);
    }),
    { numRuns: 100 },
  );
});

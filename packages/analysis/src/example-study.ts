/** For tests: a hand-made study of the every-third-day design, small enough to follow. */
import { type Calendar, compileCalendar, type ProtocolDocument } from '@limen/protocol';
import { allocate, commitment, type Procedure } from '@limen/randomization';
import { philox } from '@limen/statistics';
import type { StudyInput } from './study.ts';
import type { RecordedEvent, StudyParticipant } from './study-events.ts';

export const startDate = '2026-03-02';
const seedHex = '2a'.repeat(32);
const seed = new Uint8Array(32).fill(0x2a);
const protocolHash = 'ab'.repeat(32);
const timeZone = 'Europe/Berlin';

/** Events with running numbers; `add` keeps the order of the record. */
function recorder() {
  const events: RecordedEvent[] = [];
  const add = (recordedAt: string, type: string, data: object) => {
    const seq = events.length + 1;
    events.push({ seq, eventId: `event-${seq}`, type, recordedAt, data });
  };
  return { events, add };
}

type Person = { readonly index: number; readonly id: string; readonly active: boolean };

function ineligible(id: string): StudyParticipant {
  const { events, add } = recorder();
  add('2026-02-20T10:00:00.000Z', 'participant.invited', { siteId: 'north', timeZone });
  add('2026-02-21T10:00:00.000Z', 'participant.screened', {
    answers: { age: 17 },
    medications: [],
    result: 'ineligible',
    decisions: [{ criterion: 'a-criterion', verdict: 'notMet', explanation: 'Too young' }],
  });
  return { participantId: id, siteId: 'north', events };
}

/** The first participant leaves in week 3, the second corrects an answer, the third answers one form too late. */
function participant(person: Person, calendar: Calendar): StudyParticipant {
  const { index, id, active } = person;
  const { events, add } = recorder();
  const random = philox(`example/${id}`, 'person');
  const level = random.normal(50, 8);
  add('2026-02-20T10:00:00.000Z', 'participant.invited', { siteId: 'north', timeZone });
  add('2026-02-21T10:00:00.000Z', 'participant.screened', {
    answers: { age: 25 + index, sex: index % 2 === 0 ? 'female' : 'male' },
    medications: [],
    result: 'eligible',
    decisions: [],
  });
  add('2026-02-21T11:00:00.000Z', 'participant.consented', { version: '1.0', choices: {}, signature: 'x' });
  add('2026-02-22T10:00:00.000Z', 'participant.randomised', { kit: `K${index}`, startDate, protocolVersion: '1.0.0' });
  let submitted = 0;
  const submit = (activity: string, day: number, at: string, answers: object, scores: object, timing = 'onTime') => {
    submitted += 1;
    const occurrence = `${activity}@${day}`;
    const head = { submissionId: `${id}-${submitted}`, occurrence, activity, instrument: instrumentOf(activity) };
    add(at, 'answers.submitted', { ...head, instrumentVersion: '1.0.0', answers, scores, flags: [], timing });
  };
  for (const { id: occurrence, kind, activityId, studyDay, opensAt } of calendar.occurrences) {
    if (index === 0 && studyDay > 25) break;
    if (kind === 'dose') {
      const missed = index > 0 && studyDay === 8 + 3 * (index % 4);
      if (missed) add(opensAt, 'dose.missed', { occurrence, reason: 'Forgot' });
      else add(opensAt, 'dose.taken', { occurrence, takenAt: opensAt, timing: 'onTime' });
    } else if (activityId === 'expectancy') {
      submit(activityId, studyDay, opensAt, {}, { expectation: 60 + (index % 5) });
    } else if (activityId.includes('check-in')) {
      const mood = Math.round(level + random.normal(active && studyDay > 7 ? 5 : 0, 6));
      const timing =
        index === 2 && studyDay === 12 ? 'outOfWindow' : index === 3 && studyDay === 12 ? 'late' : 'onTime';
      submit(activityId, studyDay, opensAt, { mood }, { mood, energy: 40 }, timing);
    } else if (activityId === 'guess-capsule') {
      const believes = random.uniform() < (active ? 0.6 : 0.35);
      const guess = random.uniform() < 0.1 ? 'dontKnow' : believes ? 'active' : 'placebo';
      submit(activityId, studyDay, opensAt, { guess, confidence: 55, cues: ['mood', 'sideEffects'] }, {});
    }
  }
  const late = '2026-06-01T10:00:00.000Z';
  if (index === 0)
    add('2026-03-28T09:00:00.000Z', 'participant.withdrawn', { scope: 'study', reason: 'Moved <away> & busy' });
  if (index === 1) {
    add(late, 'answer.corrected', {
      submissionId: `${id}-1`,
      occurrence: 'x@1',
      item: 'mood',
      from: 1,
      to: 33,
      scores: { mood: 33, energy: 40 },
      reason: 'Slipped',
    });
    add(late, 'adverseEvent.reported', {
      adverseEventId: 'ae-1',
      term: '<script>alert(1)</script>',
      onset: '2026-03-10',
      ongoing: false,
      grade: 1,
      serious: false,
    });
    add(late, 'adverseEvent.assessed', {
      adverseEventId: 'ae-1',
      grade: 2,
      serious: false,
      relatedness: 'possible',
      outcome: 'resolved',
      reason: 'Reviewed',
    });
  }
  if (index === 4) add(late, 'entry.kept', { commandId: 'c', command: 'submit', code: 'window_closed', content: {} });
  if (index !== 0) add(late, 'participant.completed', {});
  return { participantId: id, siteId: 'north', events };
}

function instrumentOf(activity: string): string {
  if (activity.includes('check-in')) return 'daily-check-in';
  return activity === 'guess-capsule' ? 'treatment-guess' : activity;
}

/** `count` randomised participants and one who was not eligible. */
export function exampleStudy(
  protocol: ProtocolDocument,
  count = 16,
): StudyInput & { readonly release: Record<string, unknown> } {
  const calendar = compileCalendar(protocol, { startDate, timeZone });
  const procedure: Procedure = protocol.randomisation.procedure;
  const arms = protocol.arms.map(({ id, weight }) => ({ id, weight }));
  const people = Array.from({ length: count }, (_, step) => {
    const design = { seed, studyId: protocol.id, stratum: 'north', arms, procedure };
    const { arm } = allocate({ ...design, step });
    const content = arm === 'placebo' ? 'placebo' : 'lsd-10';
    const participantId = `P${String(step).padStart(3, '0')}`;
    return { step, arm, content, participantId };
  });
  return {
    protocol,
    protocolHash,
    studyId: protocol.id,
    participants: [
      ineligible('X000'),
      ...people.map(({ step, participantId, content }) =>
        participant({ index: step, id: participantId, active: content !== 'placebo' }, calendar),
      ),
    ],
    release: {
      seed: seedHex,
      commitment: commitment({ protocolHash, studyId: protocol.id, arms, procedure, seed }),
      procedure,
      arms,
      allocations: people.map(({ participantId, step, arm, content }) => ({
        participantId,
        stratum: 'north',
        step,
        arm,
        contents: Array<string>(14).fill(content),
      })),
    },
    lock: { hash: 'cd'.repeat(32), at: '2026-06-02T10:00:00.000Z' },
  };
}

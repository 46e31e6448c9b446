/** Two phones, one person, a hostile network: whatever it does, the record ends the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Answered,
  type Command,
  type CommandOf,
  commandToSend,
  contentOf,
  type DecisionContext,
  decide,
  type Event,
  evolve,
  fateOf,
  faultsBeforeStepAside,
  keptEntry,
  type ParticipantState,
  problems,
  stays,
} from './index.ts';
import {
  adverseEventCommand,
  at,
  doseCommand,
  dosingRecord,
  submitCommand,
  timeZone,
  tiny,
  tinyCalendar,
} from './test-study.ts';

type Entry = { readonly command: Command; readonly occurredAt: string };
type Said = { readonly accepted: true } | Answered;
type Request = { readonly to: 'server'; readonly phone: number; readonly command: Command };
type Reply = { readonly to: 'phone'; readonly phone: number; readonly commandId: string; readonly said: Said };

const started = dosingRecord().state();
const arrival = Date.parse(at(14, '20:00'));
/** The app gives a request up after 20 s; the rules bear two minutes. */
const longestWayMs = 100_000;
const worst = 5_000;

/** Mulberry32: small, seeded, quick. */
function seeded(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** As the study server remembers: the first answer to an id counts for good. */
function openServer() {
  let state: ParticipantState = started;
  const events: Event[] = [];
  const answers = new Map<string, { content: string; said: Said }>();
  const apply = (happened: readonly Event[]) => {
    for (const event of happened) state = evolve(state, event);
    events.push(...happened);
  };
  const hear = (command: Command, now: string): Said => {
    const content = JSON.stringify(contentOf(command));
    const known = answers.get(command.commandId);
    if (known !== undefined) {
      assert.ok(known.content === content, 'a repeat is the same content');
      return known.said;
    }
    const said = act(command, now);
    answers.set(command.commandId, { content, said });
    return said;
  };
  const act = (command: Command, now: string): Said => {
    let made = 0;
    const context: DecisionContext = {
      protocol: tiny,
      calendar: tinyCalendar,
      now,
      studyLocked: false,
      newId: (kind) => {
        made += 1;
        return `${kind}-${command.commandId}-${made}`;
      },
      actor: { id: 'P1', role: 'participant' },
    };
    const decision = decide(state, command, context);
    if (decision.ok) {
      apply(decision.events);
      return { accepted: true };
    }
    const { code } = decision.problem;
    if (decision.keep) apply(keptEntry(command, { code }, context, state));
    return { status: problems[code].status, code, kept: decision.keep };
  };
  return { hear, state: () => state, events };
}

/**
 * Each phone sends its first waiting entry until it hears of it; the network delays, doubles, reorders and loses what is
 * under way, requests and answers alike. Ends when nothing waits and nothing is under way.
 */
function deliver(outboxes: readonly (readonly Entry[])[], below: (n: number) => number) {
  const server = openServer();
  const waiting = outboxes.map((entries) => [...entries]);
  const faults = new Map<string, number>();
  const net: (Request | Reply)[] = [];
  let ms = arrival;
  let steps = 0;
  const send = (phone: number) => {
    const entry = waiting[phone]?.[0];
    if (entry === undefined) return;
    const sentAt = new Date(ms - below(longestWayMs)).toISOString();
    net.push({ to: 'server', phone, command: commandToSend(entry.command, { ...entry, timeZone }, sentAt) });
  };
  const answer = ({ phone, command }: Request) => {
    // Now and then the server stumbles, before or after it has written.
    const stumble = below(12);
    if (stumble === 0)
      return net.push({ to: 'phone', phone, commandId: command.commandId, said: { status: 500, code: 'x' } });
    const said = server.hear(command, new Date(ms).toISOString());
    if (stumble > 1) net.push({ to: 'phone', phone, commandId: command.commandId, said });
    return 0;
  };
  const settle = ({ phone, commandId, said }: Reply) => {
    const own = waiting[phone] ?? [];
    const place = own.findIndex(({ command }) => command.commandId === commandId);
    if (place === -1) return;
    const soFar = faults.get(commandId) ?? 0;
    if ('status' in said && said.status === 500) faults.set(commandId, Math.min(soFar + 1, faultsBeforeStepAside - 2));
    if ('accepted' in said || !stays(fateOf(said, soFar))) own.splice(place, 1);
    else assert.notEqual(fateOf(said, soFar), 'refused');
  };
  while (waiting.some((own) => own.length > 0) || net.length > 0) {
    steps += 1;
    assert.ok(steps < worst, 'it comes to an end');
    ms += below(1_000);
    if (net.length === 0 || below(3) === 0) {
      send(below(waiting.length));
      continue;
    }
    const [message] = net.splice(below(net.length), 1);
    if (message === undefined) continue;
    const luck = below(8);
    if (luck === 0) continue;
    if (luck === 1) net.push(message);
    if (message.to === 'server') answer(message);
    else settle(message);
  }
  return server;
}

/** What two phones hold after five days without a network: what belongs together lies on one of them. */
function entriesOf(below: (n: number) => number): Entry[][] {
  const phones: Entry[][] = [[], []];
  const put = (phone: number, day: number, time: string, command: Command) =>
    phones[phone]?.push({ command, occurredAt: at(day, time) });
  for (let day = 3; day <= 7; day += 1) {
    const isDoseDay = day % 2 === 1;
    if (isDoseDay && below(6) > 0) {
      const taken = below(4) > 0;
      const told = taken ? { takenAt: at(day, '08:30') } : { outcome: 'missed' as const, reason: 'I forgot' };
      put(below(2), day, '08:31', doseCommand(`dose@${day}`, told));
    }
    if (below(3) === 0)
      put(below(2), day, '10:00', adverseEventCommand({ term: `Headache ${day}`, onset: '2026-03-04' }));
    if (below(3) === 0) continue;
    const phone = below(2);
    put(phone, day, '12:30', submitCommand(`today@${day}`, { mood: below(101), caffeine: below(5) }));
    if (isDoseDay && below(2) === 0) put(phone, day, '12:31', submitCommand(`guess@${day}`));
  }
  return phones;
}

/** The state without the order in which entries came, and the facts without their places in the record. */
function picture({ state, events }: ReturnType<typeof openServer>) {
  const { adverseEvents, ...rest } = state();
  const facts = events.map((event) => {
    // Which entry came last and so set a rule off depends on the way; that it was set off does not.
    if (event.type === 'signal.raised') return JSON.stringify([event.rule, event.severity, event.message]);
    const { device: _, skewMs: __, ...fact } = event as Event & { device?: object; skewMs?: number };
    return JSON.stringify(fact);
  });
  const parts = Object.entries(rest).map(([name, part]) => [name, inOrder(part)]);
  return JSON.stringify([parts, adverseEvents.map((one) => JSON.stringify(one)).sort(), facts.sort()]);
}

function inOrder(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
}

const rounds = 10_000;

describe('entries of two phones over a network that doubles, delays, reorders and loses', () => {
  it(`end in the same state as a calm delivery, each of them once, in ${rounds} random ways`, () => {
    let [calm, below] = ['', seeded(0)];
    let phones: Entry[][] = [];
    for (let seed = 1; seed <= rounds; seed += 1) {
      // Ten ways of delivery for each week that was lived.
      if (seed % 10 === 1) {
        below = seeded(seed);
        phones = entriesOf(below);
        const all = phones.flat().sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
        calm = picture(calmly(all));
      }
      assert.ok(picture(deliver(phones, seeded(seed * 7919))) === calm, `seed ${seed} ends otherwise`);
    }
  });

  it('of two answers to the same question one is recorded and the other is kept whole, whoever was first', () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const occurredAt = at(3, '12:30');
      const phones = [1, 2].map((mood) => [{ command: submitCommand('today@3', { mood }), occurredAt }]);
      const { events } = deliver(phones, seeded(seed));
      const types = events.map(({ type }) => type);
      assert.equal(types.filter((type) => type === 'answers.submitted').length, 1, `seed ${seed}`);
      assert.equal(types.filter((type) => type === 'entry.kept').length, 1, `seed ${seed}`);
      const said = JSON.stringify(events);
      assert.ok(said.includes('"mood":1') && said.includes('"mood":2'), `seed ${seed}`);
    }
  });
});

function calmly(entries: readonly Entry[]): ReturnType<typeof openServer> {
  const server = openServer();
  for (const entry of entries) {
    const sentAt = new Date(arrival).toISOString();
    const said = server.hear(commandToSend(entry.command, { ...entry, timeZone }, sentAt), sentAt);
    assert.ok('accepted' in said, JSON.stringify([said, entry.command.type]));
  }
  return server;
}

const refusal = (status: number, code = 'x', kept = false) => ({ status, code, kept });

describe('what the answer to an entry means for it', () => {
  it('an entry kept for the team leaves the phone, whatever the status', () => {
    for (const status of [409, 422, 423]) assert.equal(fateOf(refusal(status, 'x', true), 0), 'keptForTeam');
  });

  it('a refusal that was not kept stays for the person to look at', () => {
    for (const status of [400, 403, 404, 409, 413, 422]) assert.equal(fateOf(refusal(status), 0), 'refused');
  });

  it('nothing is lost while the server is away, busy or wants the code', () => {
    assert.equal(fateOf(null, 0), 'later');
    for (const status of [429, 500, 502, 503]) assert.equal(fateOf(refusal(status), 0), 'later');
    assert.equal(fateOf(refusal(401), 0), 'signIn');
  });

  it('one entry the server stumbles over does not hold up the others for ever', () => {
    assert.equal(fateOf(refusal(500), faultsBeforeStepAside - 1), 'stepAside');
    assert.equal(fateOf(refusal(503), 1_000), 'later');
  });

  it('what was said before needs no second look', () => {
    assert.equal(fateOf(refusal(409, 'already_withdrawn'), 0), 'saidBefore');
  });

  it('the time of sending is that of each sending, the time of the act stays, and the content is the same', () => {
    const command: CommandOf<'withdraw'> = { type: 'withdraw', scope: 'dosing', commandId: 'x'.repeat(24) };
    const when = { occurredAt: '2026-03-09T07:00:00.000Z', timeZone: 'UTC' };
    const first = commandToSend(command, when, '2026-03-09T08:00:00.000Z');
    const second = commandToSend(command, when, '2026-03-09T09:00:00.000Z');
    assert.deepEqual(first.device, { ...when, sentAt: '2026-03-09T08:00:00.000Z' });
    assert.equal(second.device?.sentAt, '2026-03-09T09:00:00.000Z');
    assert.deepEqual(contentOf(first), contentOf(second));
    assert.notDeepEqual(contentOf(first), contentOf({ ...first, scope: 'study' }));
  });
});

/**
 * Kills the study server or its database with SIGKILL while people are sending, again and again, and then counts: what
 * was acknowledged must be in the record once, whatever was sent twice must not be there twice.
 *
 *     node tests/durability/kill.ts [--rounds 50] [--target server|postgres|both] [--json]
 *
 * A killed process leaves what it had written in the hands of the operating system; a power cut does not. What this
 * shows is that nothing is acknowledged before it is committed, not how honest a disk is.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Refused, routes, Unreachable } from '@limen/contract';
import { instrumentById, simulateAnswers } from '@limen/instruments';
import { type DatabaseReport, verifyDatabase } from '@limen/study';
import pg from 'pg';
import { clientFor, type Enrolled, enrol, eveningOf, type Subject } from './enrol.ts';
import { type Installation, openInstallation } from './installation.ts';

export type Target = 'server' | 'postgres';

export type KillReport = {
  readonly target: Target;
  readonly rounds: number;
  readonly participants: number;
  /** Commands for which a receipt came back. */
  readonly acknowledged: number;
  /** Among them: those whose first sending got no answer. */
  readonly answeredOnRetry: number;
  /** Among those: commands that were in the record already when they were sent again. */
  readonly committedUnanswered: number;
  /** Acknowledged, and not in the record as the receipt says. */
  readonly lost: readonly string[];
  /** In the record more than once. */
  readonly doubled: readonly string[];
  /** In the record, and never sent. */
  readonly unknown: readonly string[];
  readonly verified: Pick<DatabaseReport, 'ok' | 'studies' | 'streams' | 'entries' | 'checkpoints'>;
  readonly faults: readonly string[];
  readonly seconds: number;
};

type Sent = {
  readonly commandId: string;
  readonly subject: Subject;
  readonly route: typeof routes.submit | typeof routes.reportAdverseEvent;
  readonly body: object;
};

type Receipt = { readonly participantId: string; readonly seq: number; readonly hash: string };

type Run = {
  readonly installation: Installation;
  readonly enrolled: Enrolled;
  readonly receipts: Map<string, Receipt>;
  commands: number;
};

const submitters = 8;
const longestRunMs = 450;
const shortestRunMs = 40;
const retryWithinMs = 60_000;
const checkInEvery = 4;
const roundsPerCheckpoint = 10;

export async function killRounds(options: {
  readonly target: Target;
  readonly rounds: number;
  readonly participants: number;
  readonly log?: (line: string) => void;
}): Promise<KillReport> {
  const began = performance.now();
  const installation = await openInstallation();
  try {
    const enrolled = await enrol(installation, options.participants);
    const run: Run = { installation, enrolled, receipts: new Map(), commands: 0 };
    const sums = { answeredOnRetry: 0, committedUnanswered: 0 };
    for (let round = 0; round < options.rounds; round += 1) {
      await installation.setClock(eveningOf(enrolled.startDate, round));
      const unanswered = await sendUntilKilled(run, round, options.target);
      sums.committedUnanswered += await countCommitted(installation, unanswered);
      await retry(run, unanswered);
      sums.answeredOnRetry += unanswered.length;
      if ((round + 1) % roundsPerCheckpoint === 0) await stopInOrder(installation);
      options.log?.(`round ${round + 1}: ${run.receipts.size} acknowledged, ${unanswered.length} sent again`);
    }
    await installation.stopServer();
    const counted = await countRecord(run);
    const report = await verifyDatabase(installation.databaseUrl, { publicKeys: await installation.publicKeys() });
    const { ok, studies, streams, entries, checkpoints } = report;
    return {
      ...{ target: options.target, rounds: options.rounds, participants: options.participants },
      acknowledged: run.receipts.size,
      ...sums,
      ...counted,
      verified: { ok, studies, streams, entries, checkpoints },
      faults: [...report.faults.map(({ reason }) => reason), ...report.replay.differences.map((one) => one.table)],
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    await installation.close();
  }
}

/** Leaves a signed checkpoint, which later rounds must not contradict. */
async function stopInOrder(installation: Installation): Promise<void> {
  await installation.stopServer();
  await installation.startServer();
}

/** Sends from all sides until the target is killed, starts it again, and answers what got no receipt. */
async function sendUntilKilled(run: Run, round: number, target: Target): Promise<Sent[]> {
  const { installation, enrolled } = run;
  const checkIns = enrolled.subjects.filter(({ checkIns: { [round]: due } }) => due !== undefined);
  const unanswered: Sent[] = [];
  let stopped = false;
  const submit = async (): Promise<void> => {
    while (!stopped) {
      const subject = run.commands % checkInEvery === 0 ? checkIns.pop() : undefined;
      const sent = subject === undefined ? adverseEvent(run) : checkIn(run, subject, round);
      if (!(await send(run, sent))) {
        unanswered.push(sent);
        return;
      }
    }
  };
  const sending = Array.from({ length: submitters }, submit);
  await pause(randomInt(shortestRunMs, longestRunMs));
  if (target === 'server') await installation.killServer();
  else await installation.killDatabase();
  stopped = true;
  await Promise.all(sending);
  if (target === 'server') await installation.startServer();
  else await installation.startDatabase();
  return unanswered;
}

/** True if a receipt came back. A refusal other than “not now” is a fault of this programme. */
async function send(run: Run, sent: Sent): Promise<boolean> {
  const { subject, body, commandId } = sent;
  const params = { studyId: run.enrolled.studyId, participantId: subject.participantId };
  let call: ReturnType<typeof clientFor>;
  try {
    call = clientFor(run.installation, subject.token);
  } catch {
    return false; // Between two servers there is no address.
  }
  try {
    const { participantId, seq, hash } = await call(sent.route, { params, body } as never);
    run.receipts.set(commandId, { participantId, seq, hash });
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    if (error instanceof Refused && (error.problem.status >= 500 || error.problem.status === 429)) return false;
    throw error;
  }
}

async function retry(run: Run, unanswered: readonly Sent[]): Promise<void> {
  const deadline = performance.now() + retryWithinMs;
  for (const sent of unanswered) {
    while (!(await send(run, sent))) {
      if (performance.now() > deadline) throw new Error(`Command ${sent.commandId} was not answered within a minute.`);
      await pause(50);
    }
  }
}

function nextCommandId(run: Run): string {
  run.commands += 1;
  return `sent-${String(run.commands).padStart(12, '0')}`;
}

function checkIn(run: Run, subject: Subject, day: number): Sent {
  const due = subject.checkIns[day];
  if (due === undefined) throw new Error(`Day ${day} has no check-in.`);
  const random = { uniform: () => 0, normal: (mean: number) => mean };
  const answers = simulateAnswers(instrumentById(due.instrument), { random, severity: 0, skip: 1 });
  const commandId = nextCommandId(run);
  return { commandId, subject, route: routes.submit, body: { type: 'submit', commandId, ...due, answers } };
}

function adverseEvent(run: Run): Sent {
  const commandId = nextCommandId(run);
  const { subjects, startDate } = run.enrolled;
  const subject = subjects[run.commands % subjects.length];
  if (subject === undefined) throw new Error('There are no participants.');
  const event = { term: `Headache ${run.commands}`, onset: startDate, ongoing: false, grade: 1, serious: false };
  return {
    commandId,
    subject,
    route: routes.reportAdverseEvent,
    body: { type: 'reportAdverseEvent', commandId, ...event },
  };
}

async function countCommitted(installation: Installation, unanswered: readonly Sent[]): Promise<number> {
  const rows = await read<{ n: number }>(
    installation,
    'SELECT count(*)::integer AS n FROM command WHERE command_id = ANY($1)',
    [unanswered.map(({ commandId }) => commandId)],
  );
  return rows[0]?.n ?? 0;
}

type Entry = { readonly stream: string; readonly seq: number; readonly cause: string; readonly hash: string };

/** The record beside the receipts. The first event of an act is the entry itself; what it set off follows it. */
async function countRecord(run: Run): Promise<Pick<KillReport, 'lost' | 'doubled' | 'unknown'>> {
  const entries = await read<Entry>(
    run.installation,
    `SELECT stream, seq, cause, hash FROM ledger WHERE cause LIKE 'sent-%'
     AND type IN ('answers.submitted', 'adverseEvent.reported')`,
  );
  const heads = await read<Entry>(
    run.installation,
    "SELECT stream, seq, cause, hash FROM ledger WHERE cause LIKE 'sent-%'",
  );
  const hashes = new Map(heads.map(({ stream, seq, cause, hash }) => [`${cause} ${stream} ${seq}`, hash]));
  const times = new Map<string, number>();
  for (const { cause } of entries) times.set(cause, (times.get(cause) ?? 0) + 1);
  const lost = [...run.receipts].filter(
    ([id, { participantId, seq, hash }]) => !times.has(id) || hashes.get(`${id} ${participantId} ${seq}`) !== hash,
  );
  return {
    lost: lost.map(([id]) => id),
    doubled: [...times].filter(([, count]) => count > 1).map(([id]) => id),
    unknown: [...times.keys()].filter((id) => !run.receipts.has(id)),
  };
}

async function read<Row extends pg.QueryResultRow>(
  installation: Installation,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

function say(report: KillReport): string {
  const { target, rounds, acknowledged, answeredOnRetry, committedUnanswered, lost, doubled, verified, seconds } =
    report;
  return [
    `${target} killed ${rounds} times in ${seconds} s`,
    `  acknowledged ${acknowledged}, of these on retry ${answeredOnRetry} (${committedUnanswered} were committed already)`,
    `  lost ${lost.length}, doubled ${doubled.length}, unknown ${report.unknown.length}`,
    `  record ${verified.ok ? 'verified' : 'NOT VERIFIED'}: ${verified.entries} entries, ${verified.checkpoints} checkpoints`,
    ...report.faults.map((fault) => `  ${fault}`),
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '50' },
      target: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
    },
  });
  const targets = (['server', 'postgres'] as const).filter((one) => values.target === 'both' || values.target === one);
  const rounds = Number(values.rounds);
  if (targets.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
    throw new Error('Give --target server, postgres or both, and --rounds as a whole number from 1.');
  }
  const log = values.json ? {} : { log: (line: string) => process.stderr.write(`${line}\n`) };
  const reports: KillReport[] = [];
  for (const target of targets) reports.push(await killRounds({ target, rounds, participants: 16, ...log }));
  process.stdout.write(`${values.json ? JSON.stringify(reports, null, 2) : reports.map(say).join('\n')}\n`);
  if (reports.some((one) => one.lost.length + one.doubled.length + one.unknown.length > 0 || !one.verified.ok)) {
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();

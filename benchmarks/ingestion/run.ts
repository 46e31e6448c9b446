/**
 * How many check-ins a second the study server takes in, beside what the same PostgreSQL does for `pgbench` in the same
 * run. Everything is real and durable: sign-in, rules of conduct, hold rules, ledger entry, folded rows, receipt.
 *
 *     node_modules/.bin/node benchmarks/ingestion/run.ts [--participants 640] [--seconds 15] [--profile FOLDER] [--json]
 */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { instrumentById, simulateAnswers } from '@limen/instruments';
import { ensureDatabase } from '@limen/postgres';
import { verifyDatabase } from '@limen/study';
import { type Due, type Enrolled, enrol, eveningOf, timeZone } from '../../tests/durability/enrol.ts';
import { type Installation, openInstallation } from '../../tests/durability/installation.ts';
import type { Measured, Orders, Prepared } from './sender.ts';

const connections = 16;
const warmUpMs = 2000;

type Result = {
  readonly participants: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly otherwise: Measured['otherwise'];
  readonly firstRefusal: string | null;
  readonly ranOut: boolean;
  /** Of the server process alone, ms. */
  readonly cpuPerSubmission: number | null;
  readonly verified: boolean;
  readonly entries: number;
  /** Transactions a second, before and after; null where there is no pgbench. */
  readonly pgbench: readonly number[] | null;
  readonly ratio: number | null;
  readonly loadBefore: number;
};

async function measure(participants: number, seconds: number, profile: string | undefined): Promise<Result> {
  const loadBefore = loadavg()[0] ?? 0;
  const nodeOptions = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const installation = await openInstallation({ nodeOptions });
  try {
    const enrolled = await enrol(installation, participants);
    const lastDay = Math.max(...enrolled.subjects.map(({ checkIns }) => checkIns.length));
    await installation.setClock(eveningOf(enrolled.startDate, lastDay));
    await preparePgbench(installation);
    const before = pgbench(installation, seconds);
    const cpuBefore = cpuMsOf(installation.serverPid);
    const measured = await sendAll(ordersFor(installation, enrolled, seconds));
    const cpuAfter = cpuMsOf(installation.serverPid);
    const after = pgbench(installation, seconds);
    await installation.stopServer();
    const report = await verifyDatabase(installation.databaseUrl, { publicKeys: await installation.publicKeys() });
    const bench = before === null || after === null ? null : [before, after];
    const perSecond = measured.accepted / seconds;
    const at = (share: number) => measured.latencies[Math.floor(measured.latencies.length * share)] ?? Number.NaN;
    return {
      ...{ participants, seconds, perSecond, p50: at(0.5), p99: at(0.99), longest: at(1 - 1e-9) },
      ...{ otherwise: measured.otherwise, firstRefusal: measured.firstRefusal, ranOut: measured.ranOut },
      cpuPerSubmission:
        cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / measured.acceptedInAll,
      ...{ verified: report.ok, entries: report.entries, pgbench: bench },
      ratio: bench === null ? null : perSecond / (bench.reduce((sum, one) => sum + one, 0) / bench.length),
      loadBefore,
    };
  } finally {
    await installation.close();
  }
}

/** Each participant's check-ins in the order of their days, as phones send them that come back from a long journey. */
function ordersFor(installation: Installation, enrolled: Enrolled, seconds: number): Orders {
  const { hostname, port } = new URL(installation.address);
  const lists: Prepared[][] = Array.from({ length: connections }, () => []);
  const days = Math.max(...enrolled.subjects.map(({ checkIns }) => checkIns.length));
  const sentAt = new Date(installation.now).toISOString();
  let made = 0;
  for (let day = 0; day < days; day += 1) {
    const occurredAt = new Date(eveningOf(enrolled.startDate, day)).toISOString();
    for (const [index, { participantId, token, checkIns }] of enrolled.subjects.entries()) {
      const due = checkIns[day];
      if (due === undefined) continue;
      made += 1;
      const commandId = `checkin-${String(made).padStart(9, '0')}`;
      const body = {
        type: 'submit',
        commandId,
        device: { occurredAt, sentAt, timeZone },
        ...due,
        answers: answersTo(due, made),
      };
      const place = `/v1/studies/${enrolled.studyId}/participants/${participantId}/submissions`;
      lists[index % connections]?.push({ path: place, token, body: JSON.stringify(body) });
    }
  }
  return { host: hostname, port: Number(port), warmUpMs, measureMs: seconds * 1000, connections: lists };
}

function answersTo({ instrument }: Due, seed: number) {
  // Differs from person to person and day to day; what it means does not matter here.
  const random = { uniform: () => (seed * 0.618_034) % 1, normal: (mean: number) => mean };
  return simulateAnswers(instrumentById(instrument), { random, severity: 0, skip: 1 });
}

async function sendAll(orders: Orders): Promise<Measured> {
  const sender = fork(path.join(import.meta.dirname, 'sender.ts'));
  sender.send(orders);
  const [measured] = (await once(sender, 'message')) as [Measured];
  return measured;
}

const benchDatabase = 'limen_pgbench';

/** What is compared with: one entry and one audit row in a transaction, as a system without a ledger would write them. */
const benchTables = `
  CREATE TABLE entry (id bigserial PRIMARY KEY, participant integer NOT NULL, recorded_at timestamptz NOT NULL, payload jsonb NOT NULL);
  CREATE TABLE audit (id bigserial PRIMARY KEY, actor integer NOT NULL, at timestamptz NOT NULL, act text NOT NULL);`;
const benchScript = `\\set participant random(1, 100000)
BEGIN;
INSERT INTO entry (participant, recorded_at, payload) VALUES (:participant, now(), '{"mood": 62, "energy": 48, "focus": 55, "anxiety": 21, "sleep": 7.5}');
INSERT INTO audit (actor, at, act) VALUES (:participant, now(), 'submit');
COMMIT;
`;

function hasPgbench(): boolean {
  return spawnSync('pgbench', ['--version']).status === 0;
}

async function preparePgbench(installation: Installation): Promise<void> {
  if (!hasPgbench()) return;
  await ensureDatabase(installation.cluster.adminConnectionString, benchDatabase);
  const made = spawnSync('psql', ['-q', '-c', benchTables, installation.cluster.connectionString(benchDatabase)]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
}

function pgbench(installation: Installation, seconds: number): number | null {
  if (!hasPgbench()) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'limen-pgbench-'));
  try {
    const script = path.join(folder, 'entry-and-audit.sql');
    writeFileSync(script, benchScript);
    const words = ['-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', String(seconds), '-f', script];
    const ran = spawnSync('pgbench', [...words, installation.cluster.connectionString(benchDatabase)]);
    const tps = /^tps = ([\d.]+)/m.exec(ran.stdout.toString())?.[1];
    if (ran.status !== 0 || tps === undefined) throw new Error(`pgbench: ${ran.stderr}`);
    return Number(tps);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** User and system time so far; null where there is no /proc. */
function cpuMsOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const msPerTick = 10;
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  } catch {
    return null;
  }
}

function say(result: Result): string {
  const { perSecond, p50, p99, longest, cpuPerSubmission, verified, entries } = result;
  const bench =
    result.pgbench === null || result.ratio === null
      ? '  pgbench is not on this machine: no ratio'
      : `  pgbench, one entry and one audit row: ${result.pgbench.map((one) => one.toFixed(0)).join(' and ')} a second; ratio ${result.ratio.toFixed(2)}`;
  return [
    `${perSecond.toFixed(0)} submissions a second over ${result.seconds} s, ${connections} connections, ${result.participants} participants`,
    `  p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`,
    bench,
    `  server process ${cpuPerSubmission?.toFixed(2) ?? '?'} ms CPU per submission; load before ${result.loadBefore.toFixed(2)}`,
    `  record ${verified ? 'verified' : 'NOT VERIFIED'}: ${entries} entries`,
    ...Object.entries(result.otherwise).map(([status, count]) => `  answered ${status}: ${count}`),
    ...(result.firstRefusal === null ? [] : [`  the first refusal: ${result.firstRefusal}`]),
    ...(result.ranOut ? ['  the prepared check-ins ran out before the time: raise --participants'] : []),
  ].join('\n');
}

const { values } = parseArgs({
  options: {
    participants: { type: 'string', default: '640' },
    seconds: { type: 'string', default: '15' },
    /** A folder for a CPU profile of the server. */
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const result = await measure(Number(values.participants), Number(values.seconds), values.profile);
process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : say(result)}\n`);
if (!result.verified || result.ranOut || Object.keys(result.otherwise).length > 0) process.exitCode = 1;

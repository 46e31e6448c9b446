/**
 * Kills the study server or the vault with SIGKILL while people are being randomised, again and again, and then compares
 * the two records: everybody has one allocation, in both, under the same label; no step of a list is missing; and what
 * the vault releases follows from the committed seed.
 *
 *     node tests/durability/kill-randomisation.ts [--rounds 100] [--target study|vault|both] [--people 6] [--json]
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Refused, routes, Unreachable } from '@limen/contract';
import { verifyAllocations } from '@limen/randomization';
import { type DatabaseReport, verifyDatabase } from '@limen/study';
import { vaultClient } from '@limen/vault';
import pg from 'pg';
import { admit, type Enrolment, inTurns, openEnrolment } from './enrol.ts';
import { type Installation, openInstallation, vaultToken } from './installation.ts';

export type Target = 'study' | 'vault';

export type RandomisationReport = {
  readonly target: Target;
  readonly rounds: number;
  readonly participants: number;
  /** Randomisations for which a receipt came back. */
  readonly acknowledged: number;
  /** Among them: those whose first request got none. */
  readonly answeredOnRetry: number;
  /** Among those: people to whom the vault had given a kit of which the study's record did not know yet. */
  readonly knownToVaultAlone: number;
  /** Among those with a receipt on retry: people who were in both records already. */
  readonly committedUnanswered: number;
  readonly given: Differences;
  readonly verified: Pick<DatabaseReport, 'ok' | 'entries'>;
  /** Allocations of the released set that follow from the committed seed; null where it does not verify. */
  readonly released: number | null;
  readonly faults: readonly string[];
  readonly seconds: number;
};

export type Differences = {
  /** Acknowledged, and not in both records. */
  readonly lost: readonly string[];
  /** More than one allocation, in either record. */
  readonly doubled: readonly string[];
  /** Another label in one record than in the other, or than before the retry. */
  readonly differing: readonly string[];
  /** Steps of a list that nobody has. */
  readonly gaps: readonly string[];
  /** In one of the records, and never acknowledged. */
  readonly unknown: readonly string[];
};

type Run = {
  readonly installation: Installation;
  readonly enrolment: Enrolment;
  readonly acknowledged: Set<string>;
  readonly labelsBefore: Map<string, string>;
  readonly faults: string[];
  readonly sums: { answeredOnRetry: number; knownToVaultAlone: number; committedUnanswered: number };
};

/** The kill falls within this time, which follows the machine: where nobody was answered before, it grows, and so on. */
const firstRunMs = 400;
const runBoundsMs = [20, 5_000] as const;
const retryWithinMs = 60_000;

export async function killRandomisations(options: {
  readonly target: Target;
  readonly rounds: number;
  readonly peoplePerRound: number;
  readonly log?: (line: string) => void;
}): Promise<RandomisationReport> {
  const began = performance.now();
  const { target, rounds, peoplePerRound } = options;
  const installation = await openInstallation();
  try {
    const enrolment = await openEnrolment(installation);
    const sums = { answeredOnRetry: 0, knownToVaultAlone: 0, committedUnanswered: 0 };
    const maps = { acknowledged: new Set<string>(), labelsBefore: new Map<string, string>() };
    const run: Run = { installation, enrolment, ...maps, faults: [], sums };
    let runMs = firstRunMs;
    for (let round = 0; round < rounds; round += 1) {
      const people = await inTurns(peoplePerRound, async (index) => {
        const { participantId } = await admit(enrolment, round * peoplePerRound + index);
        return participantId;
      });
      const unanswered = await killWhileRandomising(run, target, people, { round, runMs });
      const factor = unanswered === 0 ? 0.8 : unanswered === people.length ? 1.25 : 1;
      runMs = Math.min(Math.max(runMs * factor, runBoundsMs[0]), runBoundsMs[1]);
      options.log?.(`round ${round + 1}: ${run.acknowledged.size} acknowledged, ${run.sums.answeredOnRetry} on retry`);
    }
    await installation.stopServer();
    const { ok, entries, faults } = await verifyRecord(installation);
    return {
      ...{ target, rounds, participants: rounds * peoplePerRound, acknowledged: run.acknowledged.size, ...sums },
      given: await compareRecords(run),
      verified: { ok, entries },
      released: await verifyReleased(run),
      faults: [...run.faults, ...faults],
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    await installation.close();
  }
}

/** Answers how many had no receipt when the target was dead. */
async function killWhileRandomising(
  run: Run,
  target: Target,
  people: readonly string[],
  { round, runMs }: { readonly round: number; readonly runMs: number },
): Promise<number> {
  const { installation } = run;
  const sending = people.map(async (participantId) =>
    (await randomise(run, participantId, 'first')) ? [] : [participantId],
  );
  await pause(randomInt(0, Math.round(runMs)));
  if (target === 'study') await installation.killServer();
  else await installation.killVault();
  const unanswered = (await Promise.all(sending)).flat();
  await noteBefore(run, unanswered);
  if (target === 'study') await installation.startServer();
  else await installation.startVault();
  // The same request again, or a new one by somebody who does not know of the first.
  const act = round % 2 === 0 ? 'first' : 'again';
  const deadline = performance.now() + retryWithinMs;
  for (const participantId of unanswered) {
    while (!(await randomise(run, participantId, act))) {
      if (performance.now() > deadline) throw new Error(`${participantId} was not randomised within a minute.`);
      await pause(50);
    }
  }
  run.sums.answeredOnRetry += unanswered.length;
  return unanswered.length;
}

/** What either record holds of people without a receipt, before anything is asked again. */
async function noteBefore(run: Run, unanswered: readonly string[]): Promise<void> {
  const [vault, study] = await Promise.all([readVault(run), readStudy(run)]);
  for (const participantId of unanswered) {
    const kit = vault.find((row) => row.participant_id === participantId)?.kit;
    const recorded = study.some((row) => row.participant_id === participantId);
    if (recorded) run.sums.committedUnanswered += 1;
    else if (kit !== undefined) run.sums.knownToVaultAlone += 1;
    if (kit !== undefined) run.labelsBefore.set(participantId, kit);
  }
}

/** True where the answer says that this person is randomised; any refusal but “not now” is a fault. */
async function randomise(run: Run, participantId: string, act: 'first' | 'again'): Promise<boolean> {
  const { studyId, team, startDate } = run.enrolment;
  try {
    await team.coordinator(routes.randomise, {
      params: { studyId, participantId },
      body: { type: 'randomise', commandId: `randomise-${act}-${participantId}`, startDate },
    });
    run.acknowledged.add(participantId);
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    if (!(error instanceof Refused)) throw error;
    const { code } = error.problem;
    if (code === 'already_randomised' && act === 'again') {
      run.acknowledged.add(participantId);
      return true;
    }
    if (code !== 'randomisation_waiting') run.faults.push(`${participantId} was answered ${code}`);
    return false;
  }
}

type Kept = { readonly participant_id: string; readonly kit: string; readonly stratum: string; readonly step: number };

const readVault = ({ installation, enrolment }: Run) =>
  read<Kept>(
    installation.vaultDatabaseUrl,
    'SELECT participant_id, kit, stratum, step FROM allocation WHERE study_id = $1 ORDER BY stratum, step',
    [enrolment.studyId],
  );

const readStudy = ({ installation, enrolment }: Run) =>
  read<Pick<Kept, 'participant_id' | 'kit'>>(
    installation.databaseUrl,
    `SELECT stream AS participant_id, payload::json ->> 'kit' AS kit FROM ledger
     WHERE study_id = $1 AND type = 'participant.randomised'`,
    [enrolment.studyId],
  );

async function compareRecords(run: Run): Promise<Differences> {
  const [vault, study] = await Promise.all([readVault(run), readStudy(run)]);
  const labels = new Map(vault.map(({ participant_id, kit }) => [participant_id, kit]));
  const recorded = new Map(study.map(({ participant_id, kit }) => [participant_id, kit]));
  const everybody = [...new Set([...labels.keys(), ...recorded.keys()])];
  const expected = (id: string) => run.labelsBefore.get(id) ?? labels.get(id);
  const byStratum = Map.groupBy(vault, ({ stratum }) => stratum);
  return {
    lost: [...run.acknowledged].filter((id) => !labels.has(id) || !recorded.has(id)),
    doubled: [...twice(vault.map((row) => row.participant_id)), ...twice(study.map((row) => row.participant_id))],
    differing: everybody.filter((id) => labels.get(id) !== recorded.get(id) || labels.get(id) !== expected(id)),
    gaps: [...byStratum].flatMap(([stratum, rows]) =>
      rows.flatMap(({ step }, index) => (step === index ? [] : [`${stratum} ${index}`])),
    ),
    unknown: everybody.filter((id) => !run.acknowledged.has(id)),
  };
}

function twice(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

async function verifyRecord(installation: Installation) {
  const { ok, entries, faults, replay } = await verifyDatabase(installation.databaseUrl, {
    publicKeys: await installation.publicKeys(),
  });
  return {
    ok,
    entries,
    faults: [...faults.map(({ reason }) => reason), ...replay.differences.map((one) => one.table)],
  };
}

/** As the study server asks for it after lock. */
async function verifyReleased({ installation, enrolment }: Run): Promise<number | null> {
  const at = new Date(installation.now).toISOString();
  const approvals = ['one', 'two'].map((person) => ({ actorId: person, role: 'investigator', at }));
  const vault = vaultClient({ address: installation.vaultAddress, token: vaultToken });
  const released = await vault.release(enrolment.studyId, { lockHash: 'a'.repeat(64), approvals });
  const verified = verifyAllocations({
    ...released,
    seed: Buffer.from(released.seed, 'hex'),
    allocations: released.allocations as Parameters<typeof verifyAllocations>[0]['allocations'],
  });
  return verified.ok ? verified.count : null;
}

async function read<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export function isWhole({ given, verified, released, participants, faults }: RandomisationReport): boolean {
  const differences = Object.values(given).flat();
  return differences.length === 0 && faults.length === 0 && verified.ok && released === participants;
}

function say(report: RandomisationReport): string {
  const { given } = report;
  return [
    `${report.target} killed ${report.rounds} times in ${report.seconds} s, ${report.participants} people randomised`,
    `  acknowledged ${report.acknowledged}, of these on retry ${report.answeredOnRetry} (known to the vault alone ` +
      `${report.knownToVaultAlone}, in both records already ${report.committedUnanswered})`,
    `  ${Object.entries(given)
      .map(([what, which]) => `${what} ${which.length}`)
      .join(', ')}`,
    `  record ${report.verified.ok ? 'verified' : 'NOT VERIFIED'}: ${report.verified.entries} entries`,
    `  released ${report.released === null ? 'NOT VERIFIED' : `${report.released} allocations, verified`}`,
    ...report.faults.map((fault) => `  ${fault}`),
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '100' },
      people: { type: 'string', default: '6' },
      target: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
    },
  });
  const targets = (['study', 'vault'] as const).filter((one) => values.target === 'both' || values.target === one);
  const [rounds, peoplePerRound] = [Number(values.rounds), Number(values.people)];
  const wrong = ![rounds, peoplePerRound].every((number) => Number.isInteger(number) && number >= 1);
  if (targets.length === 0 || wrong) {
    throw new Error('Give --target study, vault or both, and --rounds and --people as whole numbers from 1.');
  }
  const log = values.json ? {} : { log: (line: string) => process.stderr.write(`${line}\n`) };
  const reports: RandomisationReport[] = [];
  for (const target of targets) reports.push(await killRandomisations({ target, rounds, peoplePerRound, ...log }));
  process.stdout.write(`${values.json ? JSON.stringify(reports, null, 2) : reports.map(say).join('\n')}\n`);
  if (!reports.every(isWhole)) process.exitCode = 1;
}

if (import.meta.main) await main();

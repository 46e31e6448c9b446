/** A study comes to be: protocol read, randomisation committed by the vault, then study, sites and first entry. */
import { findings, parseProtocol } from '@limen/protocol';
import { isIntegrityViolation } from '../data/database.ts';
import { readStudy, writeStudy } from '../data/studies.ts';
import { hashProtocol } from '../record/protocol-hash.ts';
import { studyStream } from '../record/streams.ts';
import { VaultUnavailable } from '../release/vault.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';

export type NewStudy = {
  readonly studyId: string;
  readonly text: string;
  readonly sites: readonly { siteId: string; name: string; timeZone: string }[];
};

export async function createStudyFrom(
  house: House,
  actor: { id: string; role: string },
  { studyId, text, sites }: NewStudy,
  now: string,
): Promise<void> {
  const protocol = readSoundProtocol(text);
  assertSites(sites);
  if ((await readStudy(house.database, studyId)) !== null) throw problemOf('study_exists', { path: 'studyId' });
  const protocolHash = hashProtocol(protocol);
  const { procedure, stratifyBy } = protocol.randomisation;
  const capsules = protocol.dosing.maximumDoses;
  const commitment = await house.vault
    .commit({
      ...{ studyId, protocolHash, procedure, arms: protocol.arms, stratifyBy, capsules },
      document: protocol,
      sites: sites.map(({ siteId, name }) => ({ siteId, name })),
    })
    .catch((error) => {
      throw error instanceof VaultUnavailable ? problemOf('randomisation_waiting') : error;
    });
  const row = {
    study_id: studyId,
    protocol: text,
    protocol_hash: protocolHash,
    protocol_version: protocol.version,
    short_title: protocol.shortTitle,
    title: protocol.title,
    planned: protocol.population.plannedSampleSize,
    commitment,
    status: 'open' as const,
    created_at: now,
    locked_at: null,
    lock_hash: null,
    released_at: null,
  };
  const siteRows = sites.map((site) => ({
    study_id: studyId,
    site_id: site.siteId,
    name: site.name,
    time_zone: site.timeZone,
  }));
  await writeStudy(house.database, row, siteRows).catch((error) => {
    throw isIntegrityViolation(error) ? problemOf('study_exists', { path: 'studyId' }) : error;
  });
  await house.streams.append({
    studyId,
    stream: studyStream,
    actor,
    cause: `study|${studyId}`,
    at: now,
    event: {
      type: 'study.created',
      protocolId: protocol.id,
      protocolVersion: protocol.version,
      protocolHash,
      commitment,
      sites,
    },
  });
}

const problemsShown = 50;

export function readSoundProtocol(text: string) {
  const parsed = parseProtocol(text);
  if (!parsed.ok) {
    const problems = parsed.problems.slice(0, problemsShown).map(({ path, code, line, column, message }) => ({
      path,
      code,
      detail: `Line ${line}, column ${column}: ${message}`,
    }));
    throw problemOf('invalid_protocol', { path: 'text', problems });
  }
  const errors = findings(parsed.protocol).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const problems = errors.slice(0, problemsShown).map(({ path, code, message }) => ({ path, code, detail: message }));
    throw problemOf('invalid_protocol', { path: 'text', problems });
  }
  return parsed.protocol;
}

function assertSites(sites: NewStudy['sites']): void {
  const seen = new Set<string>();
  for (const [index, { siteId, timeZone }] of sites.entries()) {
    const path = `sites[${index}]`;
    if (seen.has(siteId)) throw problemOf('invalid_input', { path, detail: 'Two sites have the same id.' });
    seen.add(siteId);
    if (!isTimeZone(timeZone)) throw problemOf('invalid_time_zone', { path: `${path}.timeZone` });
  }
}

/** An IANA name; offsets such as +02:00 know no summer time and are refused. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

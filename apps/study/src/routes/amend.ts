/** Versions of a running study's protocol: what there is, and how the next one is adopted. */
import { routes } from '@limen/contract';
import { amendmentProblemsOf, isReconsentDue, type ProtocolDocument, versionParts } from '@limen/protocol';
import type { StudyScope } from '../access/scope.ts';
import { readCommand } from '../data/append.ts';
import { countVersionPaths, listAmendments, writeAmendment } from '../data/studies.ts';
import { hashProtocol } from '../record/protocol-hash.ts';
import { studyStream } from '../record/streams.ts';
import { consentsIn } from '../record/version-path.ts';
import { contentHashOf } from '../record/write.ts';
import { forStudy } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { readSoundProtocol } from './create-study.ts';
import { openStudy, studyRow, summaryOf } from './studies.ts';

const protocolVersions = forStudy(routes.protocolVersions, async ({ scope, house }) => {
  const [study, amendments, paths] = await Promise.all([
    openStudy(house, scope.studyId),
    listAmendments(house.database, scope.studyId),
    countVersionPaths(house.database, scope),
  ]);
  const people = new Map<string, number>();
  let reconsentDue = 0;
  for (const { protocol_version: path, people: count } of paths) {
    const consents = consentsIn(path);
    const on = versionParts(study.versions, consents, 'UTC').at(-1)?.protocol.version ?? '';
    people.set(on, (people.get(on) ?? 0) + count);
    if (isReconsentDue(study.versions, consents)) reconsentDue += count;
  }
  const versions = study.versions.map(({ protocol: { version }, hash, adoptedAt, reconsent }) => {
    const adopted = amendments.find((row) => row.version === version);
    return {
      version,
      hash,
      adoptedAt,
      adoptedBy: adopted?.adopted_by_name ?? null,
      reconsent,
      reason: adopted?.reason ?? null,
      people: people.get(version) ?? 0,
    };
  });
  return { versions, reconsentDue };
});

type Amendment = {
  readonly commandId: string;
  readonly text: string;
  readonly replaces: string;
  readonly reconsent: boolean;
  readonly reason: string;
};

const amendProtocol = forStudy(routes.amendProtocol, async ({ scope, body, house }) => {
  const hash = await adopt(house, scope, body);
  const study = summaryOf(await studyRow(house, scope.studyId));
  return { study, version: study.protocolVersion, hash };
});

/** Broken off between the table and the record, the same request again finishes what was begun. */
async function adopt(house: House, scope: StudyScope, amendment: Amendment): Promise<string> {
  const { studyId, actor } = scope;
  const { commandId, text, replaces, reconsent, reason } = amendment;
  const protocol = readSoundProtocol(text);
  const { version } = protocol;
  const protocolHash = hashProtocol(protocol);
  // A version is adopted once, whoever asks and however often.
  const adoption = `amend-${version}`;
  const contentHash = contentHashOf({ text, replaces, reconsent, reason });
  const known = await readCommand(house.database, studyId, studyStream, adoption);
  if (known?.contentHash === contentHash) return known.answer;
  // Who sees one site alone cannot change the protocol of all.
  if (scope.siteId !== null) throw problemOf('forbidden');
  await house.studies.refresh(studyId);
  const study = await openStudy(house, studyId);
  if (study.status !== 'open') throw problemOf('study_locked');
  if (known !== null) throw problemOf('protocol_changed', { path: 'text' });
  const now = house.now();
  const begun = study.versions.find((one) => one.hash === protocolHash && one.protocol.version === version);
  if (begun === undefined) {
    if (study.protocol.version !== replaces) throw problemOf('protocol_changed', { path: 'replaces' });
    assertPossible(study.protocol, protocol, reconsent);
    const row = {
      study_id: studyId,
      version,
      protocol: text,
      protocol_hash: protocolHash,
      reconsent,
      reason,
      adopted_at: now,
      adopted_by: actor.id,
    };
    const shown = {
      short_title: protocol.shortTitle,
      title: protocol.title,
      planned: protocol.population.plannedSampleSize,
    };
    if (!(await writeAmendment(house.database, row, shown, replaces))) throw problemOf('protocol_changed');
  }
  await house.streams.append({
    studyId,
    stream: studyStream,
    actor,
    cause: commandId,
    at: now,
    event: { type: 'protocol.amended', protocolVersion: version, replaces, protocolHash, reconsent, reason },
    command: { commandId: adoption, contentHash, outcome: 'accepted', answer: protocolHash },
  });
  await house.studies.refresh(studyId);
  house.live.announce(studyId, null);
  return protocolHash;
}

/** Only what the record cannot bear refuses; whether people are asked again is for the investigator to sign. */
function assertPossible(before: ProtocolDocument, after: ProtocolDocument, reconsent: boolean): void {
  const problems = amendmentProblemsOf(before, after, reconsent).map(({ code, path, message }) => ({
    path,
    code,
    detail: message,
  }));
  if (problems.length > 0) throw problemOf('amendment_not_possible', { path: 'text', problems });
}

export const amendHandlers = { protocolVersions, amendProtocol };

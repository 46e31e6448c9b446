/**
 * The write path of one participant: take the record as it is remembered, decide, append if the stream has not moved.
 * Acknowledged means committed. A command id that is known gives its first answer again; a refusal is only believed
 * from a record that was just read.
 */
import { type Actor, besideId, type Command, contentOf, type EnvelopePlan } from '@limen/conduct';
import { canonicalJson, genesisHead } from '@limen/ledger';
import { type Appended, type Appender, type RememberedCommand, readCommand } from '../data/append.ts';
import type { Database } from '../data/database.ts';
import { readSubmission } from '../data/participants.ts';
import type { Live } from '../server/live.ts';
import { Problem, type ProblemDocument, problemOf, refusalOf } from '../server/problem.ts';
import { nativeDigest } from './chain.ts';
import { type Prepared, prepare, type Receipt } from './commit.ts';
import {
  type CommandContext,
  conflictOf,
  type Decision,
  decideCommand,
  decideInvitation,
  entryToKeep,
  type Refusal,
  stateAtStart,
} from './decide.ts';
import type { ParticipantEvent } from './facts.ts';
import type { ParticipantRecord } from './fold.ts';
import { participantIdFor, recordIdFor } from './ids.ts';
import type { Deriver } from './keys.ts';
import type { ParticipantRecords } from './participants.ts';
import { openQueue } from './queue.ts';
import type { OpenStudy, Studies } from './studies.ts';

export type Act = {
  readonly study: OpenStudy;
  readonly participantId: string;
  readonly actor: Actor;
  readonly now: string;
  /** For `dispense`; see the rules of conduct. */
  readonly kitUsable?: boolean;
};

/** What a decision may need of the vault: a kit label, or the tokens of envelopes. */
export type AskVault = () => Promise<string | EnvelopePlan>;

export type Writer = {
  handle(act: Act, command: Command, vault?: AskVault): Promise<Receipt>;
  invite(act: Omit<Act, 'participantId'>, invitation: Invitation): Promise<string>;
  /** Appends an event of this server's own. `assertPossible` throws where it may not be. */
  note(
    act: Act,
    commandId: string,
    content: object,
    event: ParticipantEvent,
    assertPossible: () => Promise<void>,
  ): Promise<Receipt>;
};

export type Invitation = { readonly commandId: string; readonly siteId: string; readonly timeZone: string };

const attempts = 12;

type Parts = {
  readonly database: Database;
  readonly appender: Appender;
  readonly deriver: Deriver;
  readonly studies: Studies;
  readonly records: ParticipantRecords;
  readonly live: Live;
};

export function openWriter(parts: Parts): Writer {
  const queue = openQueue();
  const inTurn = <T>(act: Act, work: () => Promise<T>) => queue.run(`${act.study.studyId}/${act.participantId}`, work);
  return {
    handle: (act, command, vault) => inTurn(act, () => handle(parts, act, command, vault)),
    invite: (act, invitation) => invite(parts, act, invitation),
    note: (act, ...rest) => inTurn(act, () => note(parts, act, ...rest)),
  };
}

/** What the client said, without the moment of sending: a resend from the outbox is the same content. */
export function contentHashOf(content: object): string {
  return nativeDigest(canonicalJson(contentOf(content)));
}

async function handle(parts: Parts, act: Act, command: Command, vault: AskVault | undefined): Promise<Receipt> {
  const contentHash = contentHashOf(command);
  let study = act.study;
  let known = await recordFor(parts, act, false);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const submission = await submissionFor(parts, act, command);
    const now = { ...act, study };
    const contextOf = (answer: CommandContext['answer']) =>
      contextFor(parts, now, command.commandId, answer, submission);
    const decision = await decideWithVault(known.record, command, contextOf, vault);
    if (!decision.ok && !known.fresh) {
      known = await recordFor(parts, act, true);
      continue;
    }
    const outcome = decision.ok
      ? await accept(parts, act, known.record, command, contentHash, decision.events)
      : await refuse(parts, act, known.record, command, contentHash, decision.refusal);
    if (outcome === 'locked') {
      await parts.studies.refresh(study.studyId);
      study = (await parts.studies.get(study.studyId)) ?? study;
    }
    if (typeof outcome !== 'string') return outcome;
    known = await recordFor(parts, act, true);
  }
  throw problemOf('busy');
}

/** The vault is asked only when nothing but its answer is missing; then the decision is taken with it. */
async function decideWithVault(
  record: ParticipantRecord,
  command: Command,
  contextOf: (answer: CommandContext['answer']) => CommandContext,
  vault: AskVault | undefined,
): Promise<Decision> {
  const first = decideCommand(record.state, command, contextOf(null));
  if (first.ok || !first.refusal.answerMissing || vault === undefined) return first;
  return decideCommand(record.state, command, contextOf(await vault()));
}

async function recordFor(
  parts: Parts,
  act: Act,
  fresh: boolean,
): Promise<{ record: ParticipantRecord; fresh: boolean }> {
  const { studyId } = act.study;
  if (!fresh) {
    const known = await parts.records.get(studyId, act.participantId);
    if (known === null) throw problemOf('unknown_participant');
    return known;
  }
  const record = await parts.records.load(studyId, act.participantId);
  if (record === null) throw problemOf('unknown_participant');
  return { record, fresh: true };
}

/** Read after the record: should it be corrected meanwhile, the stream moves on and the append says so. */
async function submissionFor(parts: Parts, act: Act, command: Command): Promise<CommandContext['submission']> {
  if (command.type !== 'correct') return null;
  return readSubmission(parts.database, act.study.studyId, act.participantId, command.submissionId);
}

/** Ids are counted per decision from the start, so that deciding again gives the same ids again. */
function contextFor(
  parts: Parts,
  act: Act,
  commandId: string,
  answer: CommandContext['answer'],
  submission: CommandContext['submission'],
): CommandContext {
  const { study, participantId, now, actor, kitUsable = true } = act;
  let made = 0;
  return {
    study,
    now,
    actor,
    answer,
    kitUsable,
    submission,
    calendarOf: (key) => parts.studies.calendar(study, key),
    newId: (kind) => {
      made += 1;
      return recordIdFor(parts.deriver, kind, study.studyId, `${participantId}|${commandId}|${made}`);
    },
  };
}

type Retry = 'again' | 'locked';

async function accept(
  parts: Parts,
  act: Act,
  record: ParticipantRecord,
  command: Command,
  contentHash: string,
  events: readonly ParticipantEvent[],
): Promise<Receipt | Retry> {
  const prepared = prepareFor(parts, act, record, command.commandId, events);
  const remembered: RememberedCommand = {
    commandId: command.commandId,
    contentHash,
    outcome: 'accepted',
    answer: JSON.stringify(prepared.receipt),
  };
  const appended = await append(parts, prepared, remembered, true);
  if (appended.result === 'accepted') return prepared.receipt;
  if (appended.result === 'locked') return 'locked';
  if (appended.result === 'repeated') return repeat(parts, act, record, command, contentHash, appended.known);
  return 'again';
}

async function refuse(
  parts: Parts,
  act: Act,
  record: ParticipantRecord,
  command: Command,
  contentHash: string,
  refusal: Refusal,
): Promise<Receipt | Retry> {
  const { studyId } = act.study;
  const known = await readCommand(parts.database, studyId, act.participantId, command.commandId);
  if (known !== null) return repeat(parts, act, record, command, contentHash, known);
  if (!refusal.keep) throw said(refusal, false);
  return keepEntry(parts, act, record, command, { commandId: command.commandId, contentHash }, refusal);
}

/** A refusal of the rules of conduct as a problem document. */
function said({ status, problem }: Refusal, kept: boolean): Problem {
  const { code, problems, ...rest } = problem;
  const listed = problems === undefined ? {} : { problems: problems.map((fault) => ({ ...fault })) };
  return refusalOf(status, code, { ...rest, ...listed, ...(kept ? { kept } : {}) });
}

/** The id has been used: the first answer again for the same content; another content is kept beside it. */
async function repeat(
  parts: Parts,
  act: Act,
  record: ParticipantRecord,
  command: Command,
  contentHash: string,
  known: RememberedCommand,
): Promise<Receipt | Retry> {
  if (known.contentHash === contentHash) {
    if (known.outcome === 'accepted') return JSON.parse(known.answer) as Receipt;
    throw new Problem(JSON.parse(known.answer) as ProblemDocument);
  }
  const conflict = conflictOf(command);
  if (!conflict.keep) throw said(conflict, false);
  const beside = besideId(command.commandId, contentHash);
  const earlier = await readCommand(parts.database, act.study.studyId, act.participantId, beside);
  if (earlier !== null) throw said(conflict, true);
  return keepEntry(parts, act, record, command, { commandId: beside, contentHash }, conflict);
}

/** Writes the entry that could not be accepted, with its signal, and then refuses. */
async function keepEntry(
  parts: Parts,
  act: Act,
  record: ParticipantRecord,
  command: Command,
  identity: { commandId: string; contentHash: string },
  refusal: Refusal,
): Promise<Retry> {
  const problem = said(refusal, true);
  const context = contextFor(parts, act, identity.commandId, null, null);
  const events = entryToKeep(record.state, command, refusal.problem, context);
  const prepared = prepareFor(parts, act, record, identity.commandId, events);
  const answer = JSON.stringify(problem.document);
  const appended = await append(parts, prepared, { ...identity, outcome: 'kept', answer }, false);
  if (appended.result === 'stale') return 'again';
  throw problem;
}

function prepareFor(
  parts: Parts,
  act: Act,
  record: ParticipantRecord,
  commandId: string,
  events: readonly ParticipantEvent[],
): Prepared {
  const { state, milestones, head, stateSeq } = record;
  const guessActivity = act.study.protocol.blinding.guessActivity;
  const { actor, now } = act;
  const base = { head, state, milestones, stateSeq };
  return prepare({ deriver: parts.deriver, actor, commandId, now, guessActivity, events, ...base });
}

async function append(
  parts: Parts,
  prepared: Prepared,
  command: RememberedCommand,
  needsOpen: boolean,
): Promise<Appended> {
  const { studyId, participantId, siteId } = prepared.record.state;
  const appended = await parts.appender.append({ ...prepared.append, command, needsOpen }).catch((error) => {
    // Whether it was committed is not known: the next act reads.
    parts.records.forget(studyId, participantId);
    throw error;
  });
  if (appended.result === 'accepted') {
    parts.records.put(prepared.record);
    parts.live.announce(studyId, siteId);
  } else parts.records.forget(studyId, participantId);
  return appended;
}

async function note(
  parts: Parts,
  act: Act,
  commandId: string,
  content: object,
  event: ParticipantEvent,
  assertPossible: () => Promise<void>,
): Promise<Receipt> {
  const contentHash = contentHashOf(content);
  const known = await readCommand(parts.database, act.study.studyId, act.participantId, commandId);
  if (known !== null) return firstReceipt(known, contentHash);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { record } = await recordFor(parts, act, true);
    // After the record was read: should this change meanwhile, the stream has moved on and the append says so.
    await assertPossible();
    const prepared = prepareFor(parts, act, record, commandId, [event]);
    const answer = JSON.stringify(prepared.receipt);
    const appended = await append(parts, prepared, { commandId, contentHash, outcome: 'accepted', answer }, false);
    if (appended.result === 'accepted') return prepared.receipt;
    if (appended.result === 'repeated') return firstReceipt(appended.known, contentHash);
  }
  throw problemOf('busy');
}

function firstReceipt(known: RememberedCommand, contentHash: string): Receipt {
  if (known.contentHash !== contentHash) throw problemOf('conflict');
  return JSON.parse(known.answer) as Receipt;
}

const collisionsBorne = 5;

async function invite(parts: Parts, act: Omit<Act, 'participantId'>, invitation: Invitation): Promise<string> {
  const { studyId } = act.study;
  const { commandId } = invitation;
  const contentHash = contentHashOf(invitation);
  for (let attempt = 0; attempt < collisionsBorne; attempt += 1) {
    const participantId = participantIdFor(parts.deriver, studyId, commandId, attempt);
    const prepared = prepare({
      deriver: parts.deriver,
      actor: act.actor,
      commandId,
      now: act.now,
      guessActivity: undefined,
      events: decideInvitation(invitation),
      head: genesisHead(studyId, participantId),
      state: stateAtStart(studyId, participantId),
      milestones: null,
      stateSeq: 0,
    });
    const answer = JSON.stringify(prepared.receipt);
    const appended = await append(parts, prepared, { commandId, contentHash, outcome: 'accepted', answer }, true);
    if (appended.result === 'accepted') return participantId;
    if (appended.result === 'locked') throw problemOf('study_locked');
    if (appended.result === 'repeated') return firstReceipt(appended.known, contentHash).participantId;
  }
  throw problemOf('busy');
}

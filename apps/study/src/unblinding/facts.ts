/**
 * The vault's facts, heard in order: that a code was broken, never what was seen. Each is recorded once, whatever is
 * killed meanwhile: the command that records it carries the fact's own number.
 */
import type { Database } from '../data/database.ts';
import { readFactHeard, writeFactHeard } from '../data/facts.ts';
import { type StreamEvent, type Streams, studyStream } from '../record/streams.ts';
import type { Studies } from '../record/studies.ts';
import { contentHashOf, type Writer } from '../record/write.ts';
import { type Fact, type VaultClient, VaultUnavailable } from '../release/vault.ts';
import type { Live } from '../server/live.ts';
import { describeError, type Log } from '../server/log.ts';
import { Problem } from '../server/problem.ts';

export type FactListener = {
  /** Hears now what there is to hear. */
  listen(): Promise<void>;
  close(): Promise<void>;
};

type Parts = {
  readonly database: Database;
  readonly studies: Studies;
  readonly streams: Streams;
  readonly writer: Writer;
  readonly vault: VaultClient;
  readonly live: Live;
  readonly now: () => string;
  readonly log: Log;
};

const system = { id: 'vault', role: 'system' } as const;

export function openFactListener(parts: Parts, everyMs: number): FactListener {
  let running: Promise<void> | null = null;
  let heard: number | null = null;

  const hear = async () => {
    heard ??= await readFactHeard(parts.database);
    for (;;) {
      const facts = await parts.vault.facts(heard);
      if (facts.length === 0) return;
      for (const fact of facts) {
        await record(parts, fact);
        heard = Number(fact.seq);
        await writeFactHeard(parts.database, heard);
      }
    }
  };
  const listen = (): Promise<void> => {
    running ??= hear()
      .catch((error: unknown) => {
        if (!(error instanceof VaultUnavailable)) {
          parts.log({ level: 'error', event: 'facts.failed', ...describeError(error) });
        }
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = setInterval(() => void listen(), everyMs);
  timer.unref();
  return {
    listen,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

const boardWords: ReadonlyMap<Fact['kind'], string> = new Map([
  ['board-continue', 'continue'],
  ['board-change', 'continueWithChange'],
  ['board-pause', 'pause'],
  ['board-stop', 'stop'],
]);

async function record(parts: Parts, fact: Fact): Promise<void> {
  const study = await parts.studies.get(fact.studyId);
  if (study === null) return;
  const commandId = `unblinding-${fact.seq}`;
  const now = parts.now();
  const word = boardWords.get(fact.kind);
  if (word !== undefined)
    return noteInStudy(parts, fact, { type: 'board.recommended', recommendation: word, at: fact.at });
  if (fact.kind === 'drill') return noteInStudy(parts, fact, { type: 'code.drilled', at: fact.at });
  const { participantId, at } = fact;
  const kind = fact.kind === 'planned' ? 'planned' : 'emergency';
  const act = { study, participantId, actor: system, now };
  try {
    await parts.writer.handle(act, { type: 'noteCodeBreak', commandId, kind, at });
  } catch (error) {
    if (!(error instanceof Problem) || error.document.status >= 500) throw error;
    const { code } = error.document;
    if (code === 'study_locked') return noteInStudy(parts, fact, { type: 'code.broken', participantId, kind, at });
    // A person this server does not know: the vault's own trail has it.
    parts.log({ level: 'error', event: 'fact.refused', code });
  }
}

/** In the study's own stream, which takes entries after the lock too. */
async function noteInStudy(parts: Parts, fact: Fact, event: StreamEvent): Promise<void> {
  const commandId = `unblinding-${fact.seq}`;
  const contentHash = contentHashOf(fact);
  await parts.streams.append({
    ...{ studyId: fact.studyId, stream: studyStream, actor: system, cause: commandId, at: parts.now() },
    event,
    command: { commandId, contentHash, outcome: 'accepted', answer: fact.kind },
  });
  parts.live.announce(fact.studyId, null);
}

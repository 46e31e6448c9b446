/** What the handlers work with: opened once at the start, closed once at the end. */
import type { Limiter } from '@limen/access';
import type { Sessions } from '../access/session.ts';
import type { Database } from '../data/database.ts';
import type { Checkpoints } from '../record/checkpoint.ts';
import type { Deriver, Keys } from '../record/keys.ts';
import type { Streams } from '../record/streams.ts';
import type { Studies } from '../record/studies.ts';
import type { Writer } from '../record/write.ts';
import type { Analyse } from '../release/analyse.ts';
import type { VaultClient } from '../release/vault.ts';
import type { ReminderWays } from '../reminders/ways.ts';
import type { Post } from '../supply/post.ts';
import type { FactListener } from '../unblinding/facts.ts';
import type { Library } from './library.ts';
import type { Live } from './live.ts';
import type { Log } from './log.ts';

export type House = {
  readonly database: Database;
  /** Now, ISO 8601 UTC with milliseconds. */
  readonly now: () => string;
  readonly keys: Keys;
  readonly deriver: Deriver;
  readonly sessions: Sessions;
  readonly signInsByLogin: Limiter;
  readonly signInsByAddress: Limiter;
  /** Requests of signed devices, by device; and what was refused of them, by address. */
  readonly deviceRequests: Limiter;
  readonly deviceRefusals: Limiter;
  readonly studies: Studies;
  /** Streams that belong to no participant: the study's own and the installation's. */
  readonly streams: Streams;
  /** Participants' streams. */
  readonly writer: Writer;
  readonly checkpoints: Checkpoints;
  readonly vault: VaultClient;
  /** Between this server and the pharmacy. */
  readonly post: Post;
  /** The vault's pages for people with an account there. */
  readonly vaultPages: string | null;
  readonly facts: FactListener;
  readonly reminderWays: ReminderWays;
  readonly analyse: Analyse;
  readonly library: Library;
  readonly live: Live;
  readonly setupCode: string | null;
  readonly log: Log;
};

/** What a planted leak may change: the patch is switched on in the harness, never in the product. */
import type pg from 'pg';
import type { Reply } from './http.ts';

/** Whether a participant was drawn into the first arm of the design; null: not drawn. What a real leak would know. */
export type Knows = (participantId: string) => boolean | null;

export type Asked = {
  readonly role: string;
  readonly method: string;
  readonly path: string;
  /** The participants there are by then. */
  readonly people: readonly string[];
};

export type Leak = {
  readonly name: string;
  /** Of the table of side channels in README.md. */
  readonly channels: readonly number[];
  /** It changes an order, so everybody is exchanged: of one person alone an order may not tell. */
  readonly swapped?: true;
  /** What people do afterwards is something else too, so nothing can be lived through in that installation again. */
  readonly changesCourse?: true;
  /** Changes what the vault answers the study server about a participant. */
  readonly vault?: (reply: Reply, first: boolean) => Reply;
  /** Changes what the study server answers anybody. */
  readonly study?: (reply: Reply, asked: Asked, knows: Knows) => Reply;
  /** Changes what the person who broke a participant's code is told. */
  readonly codeBreak?: (reply: Reply, participantId: string, people: readonly string[], knows: Knows) => Reply;
  /** Changes the frames of the live stream. */
  readonly live?: (frames: string, people: readonly string[], knows: Knows) => string;
  /** Adds lines to the study server's log. */
  readonly log?: (people: readonly string[], knows: Knows) => readonly string[];
  /** Does to the study's database what a leaking server would have done by now. */
  readonly database?: (database: pg.Pool, studyId: string, people: readonly string[], knows: Knows) => Promise<void>;
  /** An act that a leaking server would carry out by itself after somebody's dose. */
  readonly afterDose?: 'hold' | 'signal';
};

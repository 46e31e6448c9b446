/** What the running study server may do with its own tables. Bringing them forward is the owner's, whose login it does not have. */
import type { Rights } from '@limen/postgres';

const kept = ['select', 'insert'] as const;

/** Tables that are not named are a fold of the record, or people and their sessions: they are changed as it goes on. */
export const serverRights: Rights = {
  ledger: kept,
  checkpoint: kept,
};

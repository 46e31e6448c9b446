/** What the running vault may do with its own tables. Bringing them forward is the owner's, whose login it does not have. */
import type { Rights } from '@limen/postgres';

const kept = ['select', 'insert'] as const;

/** Tables that are not named may be changed and deleted from. */
export const serverRights: Rights = {
  // Another vault key is a matter of the owner.
  root_key: kept,
  trail: kept,
  unblinding: kept,
  kit_act: kept,
  batch: kept,
  batch_act: kept,
  certificate: kept,
  register_entry: kept,
  register_line: kept,
  inventory: kept,
  loss_report: kept,
  registration: kept,
  dummy: kept,
  study: [...kept, 'update (released_at, lock_hash)'],
  stratum: [...kept, 'update (next_step)'],
  // Who has which kit, and what is in it, is written once.
  allocation: [...kept, 'update (packed_at, sealed_packing)'],
  replacement: [...kept, 'update (packed_at, sealed_packing)'],
  envelope_plan: [...kept, 'update (sheets)'],
};

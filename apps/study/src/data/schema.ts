/** The tables as Kysely sees them. Instants are ISO 8601 UTC texts with milliseconds, dates ISO dates. */
import type { Answers } from '@limen/conduct';
import type { Generated } from 'kysely';

export type StudyTable = {
  study_id: string;
  protocol: string;
  protocol_hash: string;
  protocol_version: string;
  short_title: string;
  title: string;
  planned: number;
  commitment: string;
  status: 'open' | 'locked' | 'released';
  created_at: string;
  locked_at: string | null;
  lock_hash: string | null;
  released_at: string | null;
};

export type AmendmentTable = {
  study_id: string;
  version: string;
  protocol: string;
  protocol_hash: string;
  reconsent: boolean;
  reason: string;
  adopted_at: string;
  adopted_by: string;
};

export type SiteTable = { study_id: string; site_id: string; name: string; time_zone: string };

export type ReminderTable = {
  study_id: string;
  participant_id: string;
  channel: string;
  language: string;
  hour: number;
  quiet_from: number;
  quiet_until: number;
  /** The e-mail address, sealed. */
  wrapped_key: Buffer | null;
  sealed: Buffer | null;
  snoozed_until: string | null;
  /** The person's own date of the last reminder. */
  reminded_on: string | null;
  calendar_hash: Buffer | null;
};

export type PushSubscriptionTable = {
  endpoint_hash: Buffer;
  study_id: string;
  participant_id: string;
  wrapped_key: Buffer;
  sealed: Buffer;
  added_at: string;
};

export type LedgerTable = {
  study_id: string;
  stream: string;
  seq: number;
  event_id: string;
  type: string;
  recorded_at: string;
  actor_id: string;
  actor_role: string;
  cause: string | null;
  commitment: string;
  previous: string;
  hash: string;
  salt: string | null;
  payload: string | null;
};

export type ParticipantTable = {
  study_id: string;
  participant_id: string;
  site_id: string;
  seq: number;
  head_hash: string;
  head_at: string;
  status: string;
  on_hold: boolean;
  dosing_stopped: boolean;
  kit: string | null;
  dispensed: boolean;
  time_zone: string;
  start_date: string | null;
  /** The versions consented to, as `versionPathOf` writes them. */
  protocol_version: string | null;
  consent_version: string | null;
  screening_result: string | null;
  eligibility_confirmed: boolean;
  doses_taken: number;
  doses_missed: number;
  answered: number;
  answered_late: number;
  invited_at: string;
  screened_at: string | null;
  consented_at: string | null;
  randomised_at: string | null;
  ended_at: string | null;
  /** After entry `state_seq`; see `recordOf`. */
  state: string;
  state_seq: number;
};

export type SignalTable = {
  study_id: string;
  signal_id: string;
  participant_id: string;
  site_id: string;
  rule: string;
  severity: 'urgent' | 'prompt' | 'routine';
  about: string;
  message: string;
  raised_at: string;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  disposition: string | null;
};

export type AdverseEventTable = {
  study_id: string;
  adverse_event_id: string;
  participant_id: string;
  site_id: string;
  term: string;
  onset: string;
  grade: number;
  serious: boolean;
  ongoing: boolean;
  relatedness: string | null;
  outcome: string | null;
  reported_at: string;
  note: string | null;
};

export type SubmissionTable = {
  study_id: string;
  participant_id: string;
  submission_id: string;
  occurrence: string;
  activity: string;
  study_day: number;
  instrument: string;
  instrument_version: string;
  timing: string;
  recorded_at: string;
  answers: Answers;
  scores: Record<string, number | null>;
};

export type DoseTable = {
  study_id: string;
  participant_id: string;
  occurrence: string;
  study_day: number;
  outcome: string;
  taken_at: string | null;
  timing: string | null;
  reason: string | null;
  recorded_at: string;
};

export type GuessTable = {
  study_id: string;
  participant_id: string;
  submission_id: string;
  site_id: string;
  week: number;
  guess: string | null;
  confidence: number | null;
};

export type KeptEntryTable = {
  study_id: string;
  event_id: string;
  participant_id: string;
  site_id: string;
  recorded_at: string;
  command: string;
  code: string;
  content: unknown;
};

export type CheckpointTable = {
  study_id: string;
  number: number;
  taken_at: string;
  streams: number;
  entries: number;
  root: string;
  previous: string;
  public_key: string;
  signature: string;
  moved: string;
};

export type AccountTable = {
  account_id: string;
  name: string;
  login: string;
  login_key: string;
  password_hash: string;
  administrator: boolean;
  created_at: string;
};

export type SessionTable = {
  token_hash: Buffer;
  account_id: string | null;
  study_id: string | null;
  participant_id: string | null;
  opened_at: string;
  seen_at: string;
  expires_at: string;
  stepped_up_at: string | null;
};

export type DraftTable = {
  draft_id: string;
  owner_id: string;
  name: string;
  revision: number;
  created_at: string;
  saved_at: string;
};

export type DraftRevisionTable = {
  draft_id: string;
  revision: number;
  text: string;
  saved_at: string;
  saved_by: string;
};

export type KitTable = {
  study_id: string;
  participant_id: string;
  site_id: string;
  kit: string;
  status: 'assigned' | 'dispensed' | 'returned' | 'lost' | 'damaged';
  units_returned: number | null;
  changed_at: string;
};

export type ShipmentTable = {
  study_id: string;
  shipment_id: string;
  site_id: string;
  lot: string;
  expires: string;
  storage: string;
  sent_at: string;
  status: 'sent' | 'received' | 'quarantined' | 'recalled';
  kits: string[];
};

export type ParticipantCodeTable = {
  code_hash: Buffer;
  study_id: string;
  participant_id: string;
  issued_at: string;
  /** When a new code took its place. */
  replaced_at: string | null;
};

export type PackingHelperTable = { code_hash: Buffer; study_id: string; participant_id: string };

export type Tables = {
  packing_helper: PackingHelperTable;
  kit: KitTable;
  shipment: ShipmentTable;
  fact_heard: { single: Generated<boolean>; seq: string };
  pharmacy_heard: { study_id: string; heard_at: string };
  kit_act_told: { study_id: string; event_id: string; accepted: boolean };
  draft: DraftTable;
  draft_revision: DraftRevisionTable;
  study: StudyTable;
  amendment: AmendmentTable;
  site: SiteTable;
  ledger: LedgerTable;
  stream: { study_id: string; stream: string; seq: number; head_hash: string; head_at: string };
  head: { study_id: string; stream: string; seq: number; hash: string; head_at: string };
  participant: ParticipantTable;
  command: {
    study_id: string;
    stream: string;
    command_id: string;
    content_hash: string;
    outcome: 'accepted' | 'kept';
    answer: string;
  };
  signal: SignalTable;
  adverse_event: AdverseEventTable;
  submission: SubmissionTable;
  dose: DoseTable;
  guess: GuessTable;
  kept_entry: KeptEntryTable;
  checkpoint: CheckpointTable;
  checkpoint_head: { study_id: string; stream: string; seq: number; hash: string };
  release_approval: { study_id: string; account_id: string; role: string; reason: string; approved_at: string };
  release: {
    study_id: string;
    released: unknown;
    report_html: Generated<string | null>;
    results: Generated<unknown>;
  };
  account: AccountTable;
  membership: { account_id: string; study_id: string; role: string; site_id: string | null };
  reminder: ReminderTable;
  push_subscription: PushSubscriptionTable;
  device_nonce: { study_id: string; device_id: string; nonce: string; seen_at: string };
  participant_code: ParticipantCodeTable;
  session: SessionTable;
  person: { study_id: string; participant_id: string; wrapped_key: Buffer | null; sealed: Buffer | null };
};

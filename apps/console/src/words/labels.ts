/** The words for what the server names by code. One word per idea, the same on every page. */
import type { ReplyOf, routes } from '../server/client.ts';

export type Tone = 'good' | 'plain' | 'watch' | 'alarm' | 'past';
type Labelled = { readonly label: string; readonly tone: Tone };

const statuses: Readonly<Record<string, Labelled>> = {
  invited: { label: 'Invited', tone: 'plain' },
  screened: { label: 'Screened', tone: 'plain' },
  ineligible: { label: 'Not eligible', tone: 'past' },
  consented: { label: 'Consented', tone: 'plain' },
  eligible: { label: 'Eligible', tone: 'plain' },
  randomised: { label: 'Randomised', tone: 'good' },
  completed: { label: 'Completed', tone: 'past' },
  withdrawn: { label: 'Withdrawn', tone: 'past' },
};
export const participantStatuses = Object.keys(statuses);
export const statusOf = (status: string): Labelled => statuses[status] ?? { label: status, tone: 'plain' };

export const studyStatuses: Readonly<Record<ReplyOf<typeof routes.study>['status'], Labelled>> = {
  open: { label: 'Open', tone: 'good' },
  locked: { label: 'Locked', tone: 'watch' },
  released: { label: 'Released', tone: 'past' },
};

export type Severity = ReplyOf<typeof routes.signals>['signals'][number]['severity'];
export const severities: Readonly<Record<Severity, Labelled & { readonly when: string }>> = {
  urgent: { label: 'Urgent', tone: 'alarm', when: 'act today' },
  prompt: { label: 'Prompt', tone: 'watch', when: 'act within days' },
  routine: { label: 'Routine', tone: 'plain', when: 'look when you can' },
};

export const roleLabels: Readonly<Record<string, string>> = {
  participant: 'Participant',
  coordinator: 'Coordinator',
  investigator: 'Investigator',
  pharmacist: 'Pharmacist',
  statistician: 'Statistician',
  monitor: 'Monitor',
  administrator: 'Administrator',
  system: 'System',
};

export const roleDuties: Readonly<Record<string, string>> = {
  coordinator: 'invites and follows participants',
  investigator: 'decides on eligibility, safety and lock',
  pharmacist: 'receives, hands over, counts and destroys kits; blinded like everybody here',
  statistician: 'analyses, approves the release',
  monitor: 'checks the record, approves the release',
};

const events: Readonly<Record<string, string>> = {
  'participant.invited': 'Invited',
  'participant.screened': 'Screening answered',
  'participant.consented': 'Consent signed',
  'participant.eligibilityConfirmed': 'Eligibility confirmed',
  'participant.randomised': 'Randomised',
  'kit.dispensed': 'Kit dispensed',
  'kit.assigned': 'Kit replaced',
  'kit.lost': 'Kit lost or damaged',
  'kit.unitsRecorded': 'Capsules counted by a device',
  'kit.returned': 'Kit returned',
  'packing.planned': 'Envelopes planned',
  'packing.recorded': 'Packing step',
  'packing.packerDeclared': 'Packs for this person',
  'envelope.opened': 'Envelope opened',
  'leftovers.checked': 'Leftovers checked',
  'dose.taken': 'Capsule taken',
  'dose.missed': 'Capsule missed',
  'wearable.recorded': 'Days of a watch or phone',
  'answers.submitted': 'Answers submitted',
  'adverseEvent.reported': 'Adverse event reported',
  'adverseEvent.assessed': 'Adverse event assessed',
  'dosing.held': 'Put on hold',
  'dosing.resumed': 'Hold lifted',
  'dosing.stopped': 'Capsules stopped by a rule',
  'signal.raised': 'Signal raised',
  'signal.acknowledged': 'Signal acknowledged',
  'personalCode.renewed': 'New personal code made',
  'participant.withdrawn': 'Withdrawn',
  'participant.completed': 'Completed',
  'answer.corrected': 'Answer corrected',
  'entry.kept': 'Entry kept aside',
  'code.broken': 'Code broken',
  'unblinding.reported': 'Unblinding reported',
  'code.drilled': 'Emergency drill',
  'closedReport.ordered': 'Safety board meeting ordered',
  'board.recommended': 'Safety board recommended',
  'study.created': 'Study created',
  'shipment.received': 'Shipment received',
  'shipment.excursion': 'Temperature left',
  'kits.destroyed': 'Kits destroyed',
  'device.registered': 'Device registered',
  'device.revoked': 'Device revoked',
  'study.locked': 'Study locked',
  'study.released': 'Allocation released',
  'release.approved': 'Release approved',
};
export const eventTypes = Object.keys(events);
export const eventLabel = (type: string): string => events[type] ?? type;

export const grades: readonly string[] = ['', 'mild', 'moderate', 'severe', 'life-threatening', 'fatal'];
export const gradeLabel = (grade: number): string => `${grade}, ${grades[grade] ?? ''}`;

export const relatednessLabels: Readonly<Record<string, string>> = {
  unrelated: 'Unrelated',
  unlikely: 'Unlikely',
  possible: 'Possible',
  probable: 'Probable',
  definite: 'Definite',
};

export const outcomeLabels: Readonly<Record<string, string>> = {
  ongoing: 'Ongoing',
  resolved: 'Resolved',
  resolvedWithSequelae: 'Resolved with lasting effects',
  fatal: 'Fatal',
  unknown: 'Unknown',
};

export const timingLabels: Readonly<Record<string, string>> = {
  onTime: 'on time',
  late: 'late',
  outOfWindow: 'outside its window',
};

export const commandLabels: Readonly<Record<string, string>> = {
  screen: 'Screening answers',
  consent: 'Consent',
  recordDose: 'Capsule',
  submit: 'Answers',
  reportAdverseEvent: 'Adverse event',
  withdraw: 'Withdrawal',
  openEnvelope: 'Envelope',
  checkLeftovers: 'Leftovers',
  correct: 'Correction',
};

export const purposeLabels: Readonly<Record<string, string>> = {
  baseline: 'Baseline',
  acute: 'Acute',
  postAcute: 'Post-acute',
  accumulative: 'Accumulative',
  daily: 'Daily',
  safety: 'Safety',
  expectancy: 'Expectancy',
  guess: 'Guess',
};

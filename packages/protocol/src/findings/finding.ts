/** What the check of a protocol reports. */
import type { Instrument } from '@limen/instruments';
import type { ProtocolDocument } from '../document.ts';
import { formatPath, type Path } from '../document-path.ts';

export const findingCodes = {
  reference_unknown: 'Something is named that the document does not define.',
  role_mismatch: 'An intervention is used in a role that is not its own.',
  instrument_unknown: 'No instrument of this id is available.',
  instrument_without_licence: 'An instrument has no statement of licence.',
  score_unknown: 'The instrument has no such score or rating.',
  duplicate_id: 'Two entries of a list have the same id.',
  reserved_id: 'The id is kept for capsules.',
  epoch_reversed: 'An epoch ends before it starts.',
  epochs_overlap: 'Two epochs share a day.',
  window_closes_before_opening: 'A window closes before it opens.',
  regimen_day_outside_epoch: 'A regimen names a day that its epoch does not have.',
  regimen_draws_too_many: 'A regimen draws more days a week than it may choose from.',
  activity_never_due: 'An activity falls on no day.',
  after_cycle: 'Activities wait for one another in a circle.',
  after_never_together: 'An activity waits for one that never falls on the same day.',
  guess_before_outcome: 'A guess can be given before an outcome of the same day.',
  guess_activity_wrong: 'The activity named for the guess does not ask for one.',
  guess_missing: 'Nobody asks what participants think they took.',
  emergency_unblinding_missing: 'Nothing says how a code is broken in an emergency.',
  substance_unknown: 'The substance or its form is not in the tables.',
  dose_range_reversed: 'The smallest dose is larger than the largest.',
  dose_above_window: 'A dose is above one tenth of a full dose.',
  dose_below_window: 'A dose is below one twentieth of a full dose.',
  dose_above_blinding_threshold: 'A dose is one that people are known to notice.',
  dose_content_unknown: 'How much a dose holds is not known without an assay.',
  doses_too_close: 'Two planned capsules are closer than the protocol allows.',
  doses_within_tolerance: 'Capsules follow one another before tolerance is gone.',
  dosing_without_break: 'Dosing goes on for more than 8 weeks without a break.',
  many_doses: 'More than 24 capsules are planned.',
  maximum_doses_below_plan: 'The regimen plans more capsules than the maximum.',
  no_doses: 'The regimen plans no capsule.',
  rule_syntax: 'A rule cannot be read.',
  rule_unknown_variable: 'A rule uses a variable that it cannot see.',
  rule_not_supported: 'A rule uses something outside the rule language.',
  rule_unit_conflict: 'A rule compares quantities that are not alike.',
  rule_not_a_condition: 'A rule is not a condition.',
  rule_unknown_name: 'A rule reads something that is never recorded, so it would stay unknown for ever.',
  rule_unknown_answer: 'A rule compares with an answer that cannot be given.',
  safety_flag_without_rule: 'An instrument raises a safety flag that no hold rule reads.',
  safety_contacts_missing: 'There is no contact for participants.',
  endpoint_never_measured: 'An endpoint’s activity falls on no day.',
  no_primary_endpoint: 'There is no primary endpoint.',
  model_unknown_column: 'A model uses a column that the dataset does not have.',
  reference_not_placebo: 'The reference of the analysis is not a placebo.',
  crossover_periods_unequal: 'The treatments of a crossover do not stand in every period equally often.',
  crossover_carry_over_unequal: 'The treatments of a crossover do not follow one another equally often.',
  procedure_arms_mismatch: 'The allocation procedure does not fit the arms.',
  block_size_not_multiple: 'A block size is not a multiple of the sum of the weights.',
  coin_not_biased: 'A biased coin favours nobody.',
  ratio_too_large: 'The weights add up to more than the procedure can draw.',
  ratio_not_kept: 'The procedure leaves the planned ratio at single steps.',
  minimisation_chance: 'A minimisation favours the balancing arm more or less than is usual.',
  minimisation_stratified: 'A minimisation is split into strata.',
  factor_not_analysed: 'What allocation balances is left out of the analysis.',
  factor_without_level: 'An answer to a factor’s question has no level, or more than one.',
  factor_unused: 'A factor is defined and nothing balances it.',
  household_shares_arm: 'People of one household share an arm.',
  too_few_cycles: 'A trial in one person has fewer than three cycles.',
  single_arm: 'There is only one arm to allocate.',
  consent_answer_outside: 'A comprehension question names an option that it does not have.',
  consent_topic_missing: 'The consent text leaves out a topic that participants should read about.',
  epoch_empty: 'An epoch has no day.',
  dose_above_window_justified: 'A dose is above one tenth of a full dose, and the document says why.',
  content_needs_drawing: 'An arm’s capsules are drawn by a procedure that does not draw them.',
  steps_begin_late: 'An arm’s steps leave the first capsules open.',
  steps_out_of_order: 'An arm’s steps are not in rising order.',
  titration_without_limits: 'A dose rises and nothing limits it.',
  titration_above_limit: 'A step is above the highest that is allowed.',
  titration_step_skipped: 'A dose rises by more than one step at once.',
  titration_too_fast: 'A dose rises after fewer capsules than asked for.',
  sham_dose_not_placebo: 'A sham dose is not a placebo in every arm.',
  jurisdiction_unknown: 'A site’s jurisdiction is not in the table.',
  setting_forbidden: 'A site’s jurisdiction does not allow the setting.',
  substance_forbidden: 'A site’s jurisdiction has no route for a substance.',
  site_without_licence: 'A site has no recorded licence for what it is to do.',
  licence_dates_reversed: 'A licence ends before it begins.',
  estimand_missing: 'A primary endpoint has no estimand.',
  intercurrent_event_unhandled: 'An estimand says nothing about an event that can happen.',
  interim_without_spending: 'An interim look can stop for efficacy without a spending function.',
  interim_out_of_order: 'Interim looks do not rise in information.',
  spending_above_alpha: 'The interim looks spend more error than the analysis has.',
  primary_outside_family: 'A primary endpoint is outside the family of tests.',
  sensitivity_without_arms: 'Imputation needs a contrast of arms measured on several days.',
  tipping_point_zero: 'A tipping point is looked for nowhere.',
  subgroup_without_split: 'A subgroup by a number does not say where it is split.',
  graph_malformed: 'The graph of tests does not fit its family.',
  repeated_with_random_term: 'A model for repeated measures has a random term of its own.',
  repeated_visits: 'A model for repeated measures compares at a day that is no visit, or has fewer than two visits.',
  repeated_many_visits: 'An unstructured covariance has very many visits.',
  endpoint_outside_window: 'An endpoint is measured on a day that does not count.',
  endpoint_window_reversed: 'An endpoint’s window ends before it starts.',
  expectancy_after_dose: 'Expectations are asked after the first capsule.',
  reporting_item_empty: 'An item of a reporting standard is empty.',
  burden_above_limit: 'A day asks for more minutes than allowed.',
  medicine_missing: 'A group of medicines names none.',
  prohibited_not_read: 'Medicines are prohibited and no criterion reads them.',
  supply_too_small: 'The kits hold fewer units than are taken.',
  stock_contents_drawn: 'Kits in stock cannot hold what is drawn for one person.',
  supply_after_dose: 'The first dose is due before the first kit.',
  supply_content_reversed: 'The content of a batch has a lower limit above its upper one.',
  stopping_rule_never_asked: 'A stopping rule waits for more people than are planned.',
  units_conflict: 'One form is given in two units.',
  dose_outside_opening_hours: 'Observed capsules are due while the site is closed.',
  after_window_impossible: 'An activity closes before one that comes first opens.',
  skip_logic_cyclic: 'Questions of an instrument wait for one another in a circle.',
  consent_language_missing: 'A language has no consent text.',
  intervention_unused: 'No arm gives an intervention.',
  version_mismatch: 'The history of versions does not end with this one.',
} as const;

export type FindingCode = keyof typeof findingCodes;

export type Finding = {
  /** `error`: the protocol cannot run. `warning`: somebody must agree. `advice`: worth a thought. */
  readonly severity: 'error' | 'warning' | 'advice';
  readonly code: FindingCode;
  /** Such as `arms[1].content.intervention`. */
  readonly path: string;
  readonly message: string;
  readonly source?: string;
};

export type CheckContext = {
  readonly protocol: ProtocolDocument;
  readonly instrument: (id: string) => Instrument | undefined;
};

export function finding(
  severity: Finding['severity'],
  code: FindingCode,
  path: Path,
  message: string,
  source?: string,
): Finding {
  return { severity, code, path: formatPath(path), message, ...(source === undefined ? {} : { source }) };
}

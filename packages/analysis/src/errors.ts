/** Every refusal of this package: a stable code and a sentence a person can act on. */
export const analysisErrors = {
  not_released:
    'The study is not locked and released, so nothing is analysed by what was given; a dry run is possible.',
  bundle_malformed: 'The bundle cannot be read.',
  release_malformed: 'The released allocation cannot be read; release it again from the vault.',
  release_participant_missing: 'A randomised participant has no released allocation.',
  release_arm_unknown: 'The released allocation names an arm that the protocol does not have.',
  release_contents_short: 'The released allocation has fewer capsules than were taken.',
  event_malformed: 'A recorded event cannot be read.',
  time_zone_missing: 'A randomised participant has no time zone.',
  plan_reference_unknown: 'The analysis plan measures against an intervention that the protocol does not have.',
  endpoint_activity_unknown: 'An endpoint is measured in an activity that the protocol does not have.',
  map_malformed: 'The map cannot be read.',
  column_missing: 'The table has no such column.',
  column_length: 'The columns of the table differ in length.',
  value_not_numeric: 'A value is not a number.',
  value_missing: 'A value that every row needs is missing.',
  level_unknown: 'A value is none of the levels named in the map.',
  measured_twice: 'A participant has two values of one outcome at one time point.',
  condition_changes: 'A participant has two conditions although the map says that conditions do not change.',
  time_unreadable: 'A time is neither a number nor a date.',
  table_empty: 'The table has no rows.',
} as const;

export type AnalysisErrorCode = keyof typeof analysisErrors;

/** What to do about a fault of a table or its map, where the sentence alone does not say it. */
export const analysisAdvice: Readonly<Partial<Record<AnalysisErrorCode, string>>> = {
  map_malformed: 'protocols/maps has an example; docs/analysis.md says what each field means.',
  value_not_numeric:
    'Correct the cells (a decimal comma is written as a point), or name them in “missing” of the map if they stand for no value.',
  value_missing: 'Fill the cell, or take the row out.',
  level_unknown: 'Correct the cell, or the levels in the map.',
  measured_twice: 'Keep one row for each person, outcome and time point.',
  condition_changes: 'Correct the table, or set “changes” of the condition to true.',
};

export class AnalysisError extends Error {
  override readonly name = 'AnalysisError';
  readonly code: AnalysisErrorCode;

  constructor(code: AnalysisErrorCode, detail?: string) {
    super(detail === undefined ? analysisErrors[code] : `${analysisErrors[code]} (${detail})`);
    this.code = code;
  }
}

/** Most faults told in one refusal; the rest are counted. */
export const faultsTold = 20;

export type Fault = { readonly code: AnalysisErrorCode; readonly detail: string };

/**
 * Refuses for all faults at once, in the order they were found: code of the first, each code's sentence with its places.
 * @throws AnalysisError where there is a fault
 */
export function refuseFaults(faults: readonly Fault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const told = Map.groupBy(faults.slice(0, faultsTold), ({ code }) => code);
  const sentences = [...told].map(([code, own]) => {
    const places = own.map(({ detail }) => detail).join('; ');
    return code === first.code ? places : `${analysisErrors[code]} (${places})`;
  });
  const untold = faults.length - faultsTold;
  if (untold > 0) sentences.push(`and ${untold} more`);
  throw new AnalysisError(first.code, sentences.join('. '));
}

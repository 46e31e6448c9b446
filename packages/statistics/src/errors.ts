/** Every reason why a model or an index has no answer. A fit that fails throws one of these; it never returns NaN. */
export const statisticsErrors = {
  formula_syntax: 'The formula cannot be read.',
  unknown_column: 'The formula names a column that the data do not have.',
  column_lengths: 'The columns of the data differ in length.',
  mixed_column: 'A column holds both numbers and texts.',
  non_finite: 'A column holds a value that is not a finite number.',
  response_not_numeric: 'The response is not numeric.',
  no_rows: 'No row is complete in all columns of the model.',
  constant_response: 'The response is the same in every row.',
  one_level_factor: 'A factor has one level only, so there is nothing to compare.',
  unknown_reference: 'The reference level does not occur in the data.',
  too_few_rows: 'There are not more rows than coefficients.',
  rank_deficient: 'A column of the design follows from others, so its coefficient cannot be told.',
  one_group: 'The grouping factor needs at least two groups.',
  unidentified_variance: 'The grouping has one row per group, so its variance cannot be told from the residual.',
  too_many_effects: 'There are too many random effects beside the widest grouping.',
  perfect_fit: 'The model reproduces the response exactly; there is no residual to estimate errors from.',
  not_converged: 'The estimation did not converge.',
  duplicate_visit: 'A participant has two rows for one visit.',
  changing_group: 'A participant is in two groups.',
  unseen_visit_pair: 'No participant was seen at both of two visits, so their covariance cannot be told.',
  needs_reml: 'These degrees of freedom are defined for REML only.',
  not_comparable: 'Two models cannot be compared by their likelihoods.',
  bad_response: 'The response holds a value that this family of models does not count.',
  draw_length: 'A draw does not have one entry for each participant.',
  no_root: 'The function does not change its sign between the limits.',
  not_positive_definite: 'The covariance is not positive definite.',
  no_slope: 'The answer does not rise with the column.',
  no_guesses: 'There are no guesses to count.',
  bad_counts: 'Guesses are counted in whole numbers from zero.',
  index_undefined: 'Every guess is the same and of one condition, so agreement by chance has no meaning.',
  empty_condition: 'A condition has no rows.',
} as const;

export type StatisticsErrorCode = keyof typeof statisticsErrors;

export class StatisticsError extends Error {
  readonly code: StatisticsErrorCode;
  /** The column, term, level or group it is about. */
  readonly about: string;

  constructor(code: StatisticsErrorCode, about = '') {
    super(about ? `${statisticsErrors[code]} (${about})` : statisticsErrors[code]);
    this.name = 'StatisticsError';
    this.code = code;
    this.about = about;
  }
}

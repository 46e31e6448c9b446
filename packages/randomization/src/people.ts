/** What a procedure may need to know of the person who is allocated. */

export type Participant = {
  /** Level of every factor of a minimisation, by factor id. */
  readonly levels?: Readonly<Record<string, string>>;
  /** People of one household have one arm; without one a person is a household alone. */
  readonly household?: string;
};

/** For procedures that look at nobody. */
export const nobody: Participant = {};

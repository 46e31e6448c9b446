/** One thing that is due once: a capsule, a questionnaire, a guess. The same for every arm, by construction. */
export type Occurrence = {
  /** `dose@12` or `<activity id>@12`: activity and study day. */
  readonly id: string;
  readonly kind: 'dose' | 'activity';
  /** `dose` for capsules, otherwise the activity's id. */
  readonly activityId: string;
  readonly studyDay: number;
  /** Study week, from 1. */
  readonly week: number;
  /** Calendar date in the participant's zone, ISO 8601. */
  readonly date: string;
  /** Instants, ISO 8601 UTC. */
  readonly opensAt: string;
  readonly closesAt: string;
  /** End of the time in which an entry is accepted and marked late. */
  readonly lateUntil: string;
  /** Occurrences that must be answered first. */
  readonly after: readonly string[];
  /** 1 for the first capsule, 2 for the second…; capsules only. */
  readonly doseNumber?: number;
};

export type Calendar = {
  readonly protocolId: string;
  readonly protocolVersion: string;
  readonly startDate: string;
  readonly timeZone: string;
  readonly lastDate: string;
  readonly occurrences: readonly Occurrence[];
};

/** What an analysis answers: plain data, ready to be stored, compared byte by byte and drawn. */
import type { EnvelopeSummary } from './envelopes.ts';
import type { RandomisationCheck } from './release.ts';

export const resultsFormat = 'limen-results/1';

export type Term = {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly t: number;
  readonly p: number;
  /** 95% interval. */
  readonly lower: number;
  readonly upper: number;
};

export type FittedModel = {
  readonly status: 'fitted';
  readonly formula: string;
  readonly rows: number;
  readonly rowsDropped: number;
  readonly participants: number;
  readonly terms: readonly Term[];
  readonly variance: readonly { readonly group: string; readonly name: string; readonly variance: number }[];
  readonly residualVariance: number;
  /** REML criterion, or deviance where there is no random effect. */
  readonly criterion: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly iterations: number;
  /** Only of a mixed model for repeated measures. */
  readonly repeated?: {
    readonly covariance: string;
    readonly df: string;
    /** Visit at which the terms of the condition compare; null where the formula has no visit: over all of them. */
    readonly effectAt: string | null;
    readonly visits: readonly string[];
    /** Covariance of the residuals, visit by visit, in the squared unit of the outcome. */
    readonly residualCovariance: readonly (readonly number[])[];
  };
};
export type FailedModel = {
  readonly status: 'failed';
  readonly formula: string;
  readonly rows: number;
  readonly code: string;
  readonly message: string;
};
export type ModelResult = FittedModel | FailedModel;

/** One level of the condition against the reference, in the planned model and with the guess in it. */
export type Contrast = {
  readonly level: string;
  readonly label: string;
  readonly term: string;
  readonly unadjusted: Term | null;
  /** The planned model on the rows that have a guess: what `withGuess` is fairly compared with. */
  readonly sameRows: Term | null;
  readonly withGuess: Term | null;
  /** Only where the plan has a family of tests that this one is in. */
  readonly adjustedP?: number;
};

export type SensitivityEstimate = Pick<Term, 'estimate' | 'standardError' | 'df' | 'p' | 'lower' | 'upper'> & {
  readonly participants: number;
  /** Only of imputed data: visits, how many values of people at visits were not seen, and where arms are compared. */
  readonly visits?: readonly string[];
  readonly missing?: number;
  readonly at?: string;
  /** Shift at which significance is lost; 0 where there was none, null where no shift tried takes it. */
  readonly tippingPoint?: number | null;
};

export type Sensitivity = {
  readonly id: string;
  readonly kind: 'set' | 'model' | 'imputation' | 'tippingPoint';
  /** In words, or the formula. */
  readonly what: string;
  readonly rows: readonly {
    readonly level: string;
    readonly label: string;
    readonly result: Possible<SensitivityEstimate>;
  }[];
};

export type Subgroup = {
  readonly id: string;
  readonly by: string;
  readonly groups: readonly {
    readonly group: string;
    readonly level: string;
    readonly label: string;
    readonly participants: number;
    readonly result: Possible<Term>;
  }[];
  /** Test that the difference is the same in all groups. */
  readonly interaction: Possible<{
    readonly f: number;
    readonly df1: number;
    readonly df2: number;
    readonly p: number;
  }>;
};

export type InterimLook = {
  readonly id: string;
  readonly information: number;
  readonly decides: string;
  /** Critical value of Z and its two-sided p; null where the look spends no error. */
  readonly z: number | null;
  readonly nominalP: number | null;
  /** Two-sided error spent up to the look. */
  readonly spent: number | null;
  /** Z at which the end is reached above its boundary with a probability of 20% if the trend goes on; null at the end and without error spending. */
  readonly faintZ: number | null;
};

export type IndividualEffects = {
  /** All people together, Hartung and Knapp's interval. */
  readonly mean: { readonly estimate: number; readonly lower: number; readonly upper: number; readonly p: number };
  /** Standard deviation of the effect between people, its 95% interval, and the test that there is none. */
  readonly between: { readonly sd: number; readonly lower: number; readonly upper: number; readonly p: number };
  /** Where the effect of a further person is expected. */
  readonly prediction: { readonly lower: number; readonly upper: number } | null;
  readonly people: readonly {
    readonly participant: string;
    readonly estimate: number;
    readonly lower: number;
    readonly upper: number;
    /** Drawn in towards the mean, and the share of the own difference that is believed. */
    readonly drawnIn: number;
    readonly believed: number;
  }[];
};

export type Individual = {
  readonly level: string;
  readonly label: string;
  readonly participants: number;
  readonly effects: Possible<IndividualEffects>;
};

export type DoseEffects = {
  /** Change of the outcome per unit of the amount; null unless two doses of one form are compared. */
  readonly response: { readonly unit: string; readonly slope: Possible<Term> } | null;
  /** Change of the difference with every capsule taken: towards zero is tolerance. */
  readonly tolerance: readonly { readonly level: string; readonly label: string; readonly slope: Possible<Term> }[];
};

export type DropOut = {
  /** Study days to which people are followed. */
  readonly lastDay: number;
  readonly arms: readonly {
    readonly arm: string;
    readonly label: string;
    readonly participants: number;
    readonly left: number;
    /** People still followed at the beginning of a day. */
    readonly atRisk: readonly { readonly day: number; readonly people: number }[];
    readonly steps: readonly {
      readonly day: number;
      readonly atRisk: number;
      readonly stayed: number;
      readonly lower: number;
      readonly upper: number;
    }[];
  }[];
  readonly logRank: Possible<{ readonly chiSquare: number; readonly df: number; readonly p: number }>;
  readonly hazards: Possible<{
    readonly ratios: readonly {
      readonly level: string;
      readonly label: string;
      readonly estimate: number;
      readonly lower: number;
      readonly upper: number;
      readonly p: number;
    }[];
  }>;
};

export type Cell = 'active' | 'placebo' | 'unsure';
/** Counts by what was taken, then by what was guessed. */
export type GuessCounts = Readonly<Record<'active' | 'placebo', Readonly<Record<Cell, number>>>>;

export type Strata = {
  readonly counts: GuessCounts;
  readonly means: Readonly<Record<'active' | 'placebo', Readonly<Record<Cell, number | null>>>>;
  /** The smallest of the four combinations of condition and sure guess. */
  readonly smallest: number;
  readonly tooSmall: boolean;
};

export type CurvePoint = {
  readonly rate: number;
  readonly difference: number;
  /** 95% band; null where too few resamples had every stratum. */
  readonly lower: number | null;
  readonly upper: number | null;
};
export type Curve =
  | {
      readonly status: 'drawn';
      readonly observedRate: number;
      readonly observedDifference: number;
      /** Null where a combination needed for it is empty. */
      readonly atHalf: CurvePoint | null;
      readonly points: readonly CurvePoint[];
      readonly resamples: number;
    }
  | { readonly status: 'notDrawn'; readonly code: string; readonly reason: string };

export type Summary = { readonly rows: number; readonly mean: number; readonly sd: number | null };

/** Activated expectancy bias (Szigeti et al. 2023): what the capsule does, and what believing in it adds. */
export type ExpectancySplit = {
  readonly rows: number;
  readonly directEffect: Pick<Estimate, 'value' | 'standardError' | 'lower' | 'upper'> & { readonly p: number };
  readonly expectancy: Pick<Estimate, 'value' | 'standardError' | 'lower' | 'upper'> & { readonly p: number };
  /** Of the model's assumption that belief adds as much on active as on placebo. */
  readonly additivityP: number;
};

/** Reliable change from baseline to the last value, by arm. */
export type Responders = Possible<{
  /** In units of the score. */
  readonly threshold: number;
  readonly source: string;
  readonly arms: readonly {
    readonly level: string;
    readonly label: string;
    readonly participants: number;
    readonly improved: number;
    readonly worsened: number;
    readonly share: Possible<Estimate>;
  }[];
  /** Share improved less that of the reference. */
  readonly differences: readonly {
    readonly level: string;
    readonly label: string;
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
  }[];
}>;

export type Outcome = {
  readonly id: string;
  readonly label: string;
  readonly level: 'primary' | 'secondary' | 'exploratory';
  readonly better: 'higher' | 'lower' | null;
  /** In words: what is compared with what. */
  readonly contrastKind: string;
  readonly timePoints: readonly string[];
  readonly rows: number;
  readonly participants: number;
  /** Rows left out, with the reason. */
  readonly leftOut: readonly { readonly reason: string; readonly rows: number }[];
  readonly groups: readonly ({ readonly level: string; readonly label: string } & Summary)[];
  readonly unadjusted: ModelResult;
  readonly withGuess: ModelResult;
  /** The planned model on the rows that have a guess; null where those are all rows. */
  readonly sameRows: ModelResult | null;
  readonly contrasts: readonly Contrast[];
  /** The planned model among participants who kept to the protocol; primary endpoints of studies only. */
  readonly perProtocol: ModelResult | null;
  /** p of the first contrast, adjusted in the plan’s family; without one by Holm over several primary endpoints, else null. */
  readonly adjustedP: number | null;
  /** Only where the plan has them. */
  readonly sensitivity?: readonly Sensitivity[];
  readonly subgroups?: readonly Subgroup[];
  /** Only where people had several conditions. */
  readonly individuals?: readonly Individual[];
  /** Only of studies whose values follow capsules. */
  readonly doses?: DoseEffects;
  /** Only of endpoints of a study that compare arms and have a better side. */
  readonly responders?: Responders;
  readonly strata: Strata;
  /** One row a person; not possible where people have several. */
  readonly expectancy: Possible<ExpectancySplit>;
  readonly curve: Curve;
  readonly notes: readonly string[];
};

/** An estimate with its standard error and interval. */
export type Estimate = {
  readonly value: number;
  /** Two-sided coverage in percent: 95; 90 for the indices, whose authors use one-sided 95% limits. */
  readonly coverage: 90 | 95;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
};
export type Possible<T> = T | { readonly notPossible: string };

export type GuessTable = {
  readonly label: string;
  readonly counts: GuessCounts;
  readonly guesses: number;
  /** Fewer than guesses where people guessed several times; intervals then are too narrow. */
  readonly participants: number;
  readonly bang: { readonly active: Possible<Estimate>; readonly placebo: Possible<Estimate> };
  readonly james: Possible<Estimate>;
  /** Correct among sure guesses. */
  readonly correct: Possible<Estimate & { readonly correct: number; readonly sure: number }>;
  /** Share of active capsules guessed active, and of placebos guessed placebo, among sure guesses. */
  readonly sensitivity: Possible<Estimate>;
  readonly specificity: Possible<Estimate>;
  /** Correct-guess rate of someone who knows only how many capsules were active and always names the commoner kind. */
  readonly informedRate: number;
};

/** An index over all its guesses with percentiles of a bootstrap of participants, two-sided 90%. */
export type ClusteredIndex = { readonly index: number; readonly lower: number; readonly upper: number };
type ClusteredIndices = {
  readonly active: ClusteredIndex | null;
  readonly placebo: ClusteredIndex | null;
  readonly james: ClusteredIndex | null;
};

/** From which dose on half of the guesses say active. Null ends: the data do not bound the threshold on that side. */
export type Detection = {
  readonly unit: string;
  readonly dose: number;
  /** Fieller's 95% interval, and that of the profile likelihood. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly profile: { readonly lower: number | null; readonly upper: number | null };
};

export type Confidence = { readonly guesses: number; readonly mean: number } | null;
export type GuessSeries = {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly timePoints: readonly GuessTable[];
  readonly overall: GuessTable;
  /** All time points together, and the last less the first; null without guesses. */
  readonly overTime: { readonly overall: ClusteredIndices; readonly change: ClusteredIndices } | null;
  readonly confidence: { readonly correct: Confidence; readonly wrong: Confidence };
  /** Of sure guesses with a confidence, how many were right, by how confident. */
  readonly byConfidence: readonly {
    readonly from: number;
    readonly to: number;
    readonly guesses: number;
    readonly correct: Possible<Estimate>;
  }[];
  /** Bang's index with a confidence of 50 or more counted as strong (2 x 5); null where none was given. */
  readonly graded: { readonly active: Possible<Estimate>; readonly placebo: Possible<Estimate> } | null;
  /** Guesses by dose; empty where fewer than two different doses were given beside none. */
  readonly doses: readonly { readonly dose: number; readonly guesses: number; readonly active: number }[];
  /** Null where `doses` is empty. */
  readonly detection: Possible<Detection> | null;
  /** Cues named, by what had been taken. */
  readonly cues: readonly { readonly cue: string; readonly active: number; readonly placebo: number }[];
};

export type Flow = {
  readonly screened: number;
  readonly excluded: number;
  readonly exclusions: readonly { readonly reason: string; readonly participants: number }[];
  readonly randomised: number;
  readonly arms: readonly {
    readonly arm: string;
    readonly label: string;
    readonly allocated: number;
    readonly received: number;
    readonly notReceived: number;
    readonly completed: number;
    readonly stillIn: number;
    readonly discontinued: readonly { readonly reason: string; readonly participants: number }[];
    readonly analysed: number;
  }[];
  /** Participants randomised by calendar month. */
  readonly enrolment: readonly { readonly month: string; readonly randomised: number }[];
};

export type Exposure = {
  readonly overall: { readonly due: number; readonly taken: number; readonly late: number; readonly missed: number };
  readonly arms: readonly {
    readonly arm: string;
    readonly label: string;
    readonly participants: number;
    readonly due: number;
    readonly taken: number;
    readonly missed: number;
    readonly active: number;
    readonly adherence: number | null;
  }[];
  /** Capsules taken by week, of those due. */
  readonly weeks: readonly { readonly week: number; readonly due: number; readonly taken: number }[];
  readonly contents: readonly { readonly intervention: string; readonly label: string; readonly taken: number }[];
};

export type AdverseEvents = {
  readonly total: number;
  readonly serious: number;
  readonly participants: number;
  readonly beforeFirstCapsule: number;
  /** Events by the content of the latest capsule taken up to the day of onset. */
  readonly contents: readonly {
    readonly intervention: string;
    readonly label: string;
    readonly capsules: number;
    readonly events: number;
    readonly perHundredCapsules: number | null;
    /** Exact 95% interval of the rate, per hundred capsules; null where none was taken. */
    readonly interval: { readonly lower: number; readonly upper: number } | null;
    /** Events of grades 1 to 5. */
    readonly grades: readonly number[];
  }[];
  readonly terms: readonly {
    readonly term: string;
    readonly events: number;
    readonly participants: number;
    readonly serious: number;
    readonly worstGrade: number;
    readonly byContent: readonly {
      readonly intervention: string;
      readonly events: number;
      readonly perHundredCapsules: number | null;
    }[];
  }[];
  readonly grades: readonly { readonly grade: number; readonly events: number }[];
  readonly relatedness: readonly { readonly relatedness: string; readonly events: number }[];
};

export type Entries = {
  readonly due: number;
  readonly answered: number;
  readonly late: number;
  readonly outOfWindow: number;
  readonly corrected: number;
  readonly kept: number;
  readonly keptBy: readonly { readonly code: string; readonly entries: number }[];
};

export type AnalysisSets = {
  readonly randomised: number;
  readonly safety: number;
  readonly perProtocol: number;
  readonly completers: number;
  /** Why those randomised are not in a set; a person may have several reasons for the per-protocol set. */
  readonly safetyReasons: readonly { readonly reason: string; readonly participants: number }[];
  readonly perProtocolReasons: readonly { readonly reason: string; readonly participants: number }[];
  readonly completerReasons: readonly { readonly reason: string; readonly participants: number }[];
  readonly arms: readonly {
    readonly arm: string;
    readonly label: string;
    readonly randomised: number;
    readonly safety: number;
    readonly perProtocol: number;
    readonly completers: number;
  }[];
  readonly objectToFutureUse: number;
};

/** Who was randomised to an arm; the arm `all` is everybody. */
export type BaselineArm = {
  readonly arm: string;
  readonly label: string;
  readonly participants: number;
  /** Years; null where nobody's age is known. */
  readonly age: Summary | null;
  /** Participants by what they answered, most frequent first; who did not answer is left out. */
  readonly sex: readonly { readonly answer: string; readonly participants: number }[];
};

export type Expectancy = {
  readonly answered: number;
  readonly randomised: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly arms: readonly ({ readonly arm: string; readonly label: string } & Summary)[];
};

export type StudyPart = {
  readonly flow: Flow;
  readonly sets: AnalysisSets;
  readonly baseline: readonly BaselineArm[];
  readonly expectancy: Expectancy;
  /** What the protocol says of reporting items, by number of CONSORT 2025. */
  readonly reporting: readonly { readonly item: string; readonly says?: string; readonly notApplicable?: string }[];
  readonly exposure: Exposure;
  readonly adverseEvents: AdverseEvents;
  readonly dropOut: DropOut;
  readonly entries: Entries;
  /** Only where people packed their own capsules. */
  readonly envelopes?: EnvelopeSummary;
  readonly randomisation: RandomisationCheck;
  /** Only where the plan looks before the end. */
  readonly interims?: readonly InterimLook[];
  /** How the family of tests is adjusted; absent without one. */
  readonly multiplicity?: { readonly method: string; readonly reason: string };
  readonly lock: { readonly hash: string; readonly at: string; readonly releasedAt: string | null };
  readonly protocol: {
    /** Versions after the first, in order of adoption. */
    readonly amendments: readonly { readonly version: string; readonly at: string; readonly reconsent: boolean }[];
    readonly id: string;
    readonly version: string;
    readonly hash: string | null;
    /** Kind of the procedure; of households, the one that draws them. */
    readonly procedure: string;
    readonly stratified: boolean;
    /** Only where households were drawn. */
    readonly households?: true;
    /** What a minimisation balanced; only of one. */
    readonly factors?: readonly string[];
    readonly seed: string;
  };
};

/** Something odd that leaves a table readable; shown above the results. */
export type Finding = {
  readonly code:
    | 'guess_before_outcome'
    | 'constant_in_arm'
    | 'empty_stratum'
    | 'small_stratum'
    | 'time_point_missing'
    | 'outcome_missing'
    | 'model_failed';
  readonly message: string;
  /** Rows as the file has them, and how many more. */
  readonly rows: readonly string[];
};

export type Results = {
  readonly format: typeof resultsFormat;
  readonly kind: 'study' | 'table';
  /** Only of a dry run: the allocation was drawn for it alone, and no number says anything. */
  readonly dummy?: true;
  readonly title: string;
  readonly description: string;
  readonly sources: readonly string[];
  readonly alpha: number;
  readonly labels: { readonly active: string; readonly placebo: string };
  readonly participants: number;
  readonly outcomes: readonly Outcome[];
  readonly blinding: readonly GuessSeries[];
  /** True where a planned model could not be fitted or an outcome is not there: what stands here is a part of the plan. */
  readonly partial: boolean;
  /** Of a finished trial's table, and of models that could not be fitted. */
  readonly findings: readonly Finding[];
  /** Null for a table of a finished trial. */
  readonly study: StudyPart | null;
  readonly software: { readonly name: string; readonly version: string };
  /** Seed of the resampling behind bands. */
  readonly resamplingSeed: string;
};

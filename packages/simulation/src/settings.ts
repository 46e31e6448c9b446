/**
 * What the virtual world is like. Every number has a source or says that it is an assumption; none is a claim that
 * micro-dosing works.
 */
export type RatingEffect = {
  /** Mean on an ordinary placebo day, 0-100. */
  readonly mean: number;
  /** Between-person and day-to-day standard deviations. */
  readonly personSd: number;
  readonly daySd: number;
  /** Added by an active capsule itself. */
  readonly drug: number;
  /** Added by believing the capsule was active, whatever it held. */
  readonly belief: number;
  /** Added in the course of the study whatever the capsule holds; all but a seventh of it by the fourth week. */
  readonly placeboResponse: number;
  /** Added from the first capsule for each standard deviation that a person expects more than others. */
  readonly expectancy: number;
};

/** Effects on scores that no rating describes, as shares of the score's range. A drug or belief that helps is positive. */
export type QuestionnaireEffect = RatingEffect;

export type Settings = {
  /** Ratings by item id, wherever an instrument asks for them. */
  readonly ratings: Readonly<Record<string, RatingEffect>>;
  readonly questionnaires: QuestionnaireEffect;
  /** How much more a belief does in those who expect much: its effect is multiplied by 1 + this × z, and never turns round. */
  readonly expectancyBias: number;
  /** Expectation before the first capsule, 0-100. */
  readonly expectation: { readonly mean: number; readonly sd: number };
  /** How much the drug effect differs between people: log-standard deviation of a multiplier with mean 1. */
  readonly drugHeterogeneity: number;
  /**
   * How well an active capsule can be felt: distance d′ between the cue distributions, and the criterion above which a
   * person says “active” (signal detection).
   */
  readonly cueStrength: number;
  readonly cueCriterion: number;
  /** Log-standard deviation of a person's cue strength. */
  readonly cueHeterogeneity: number;
  /** Share who answer “don't know” when the cue is close to the criterion; 0 where the choice is forced. */
  readonly unsure: number;
  /** Loss of cue strength per successive active dose, as a share. */
  readonly toleranceLoss: number;
  /**
   * What a capsule holds of what it should: log-standard deviations of multipliers with mean 1, one by batch and one by
   * capsule. Everybody's capsules of a trial come from `batches` batches in turn.
   */
  readonly potency: { readonly batches: number; readonly batchLogSd: number; readonly capsuleLogSd: number };
  readonly adherence: {
    /** Mean probability that a due capsule is taken. */
    readonly dose: number;
    /** Mean probability that a due activity is answered. */
    readonly answer: number;
    /** Probability that an entry is made late, within the late days. */
    readonly late: number;
  };
  /** Probability per study week of leaving the study. */
  readonly weeklyDropout: number;
  readonly device: {
    /** Probability that a phone spends a day without network; its entries arrive the next day. */
    readonly offlineDay: number;
    /** Probability that an accepted entry is sent again (a lost receipt). */
    readonly repeat: number;
    /** Probability that an entry carries a fault the server must refuse. */
    readonly fault: number;
  };
  /** Probability of a solicited effect on a capsule day, placebo and active. */
  readonly sideEffects: { readonly placebo: number; readonly active: number };
  /** Probability per participant of one adverse event reported by hand; of its being severe. */
  readonly adverseEvent: { readonly reported: number; readonly severe: number };
  /** Share of people screened who do not qualify. */
  readonly ineligible: number;
};

const unmoved = { placeboResponse: 0, expectancy: 0 } as const;

/**
 * Calibrated to the self-blinding trial of 2021 (Szigeti et al., eLife 10:e62878): the effects of capsule and guess on
 * the acute ratings, sensitivity 0.45 and specificity 0.82 of the guess (d′ 0.79, criterion 0.92), 191 of 240 completing
 * (tolerance and differences between people, which are assumed, leave a mean sensitivity of 0.40).
 * Expectation 68 with SD 19 as measured there. Spread, questionnaires, side-effect rates, device behaviour and screening
 * failures are assumptions; what has no published size here (placebo response, expectancy, potency) is 0.
 */
export const selfBlinding2021: Settings = {
  ratings: {
    intensity: { mean: 14, personSd: 9, daySd: 15, drug: 3.4, belief: 36.6, ...unmoved },
    energy: { mean: 52, personSd: 12, daySd: 17, drug: 2.4, belief: 12, ...unmoved },
    mood: { mean: 58, personSd: 12, daySd: 17, drug: 1.5, belief: 12.8, ...unmoved },
    creativity: { mean: 47, personSd: 13, daySd: 16, drug: 1.8, belief: 11.8, ...unmoved },
    focus: { mean: 52, personSd: 12, daySd: 17, drug: 0.5, belief: 6, ...unmoved },
    temper: { mean: 62, personSd: 12, daySd: 16, drug: 0, belief: 4, ...unmoved },
    connectedness: { mean: 50, personSd: 14, daySd: 15, drug: 1, belief: 8, ...unmoved },
    anxiety: { mean: 27, personSd: 13, daySd: 14, drug: 0.5, belief: -2, ...unmoved },
    irritability: { mean: 24, personSd: 12, daySd: 14, drug: 0, belief: -2, ...unmoved },
  },
  questionnaires: { mean: 0.35, personSd: 0.16, daySd: 0.1, drug: 0.01, belief: 0.06, ...unmoved },
  expectancyBias: 0,
  expectation: { mean: 68, sd: 19 },
  drugHeterogeneity: 0.5,
  cueStrength: 0.79,
  cueCriterion: 0.92,
  cueHeterogeneity: 0.5,
  unsure: 0,
  toleranceLoss: 0.03,
  potency: { batches: 1, batchLogSd: 0, capsuleLogSd: 0 },
  adherence: { dose: 0.95, answer: 0.93, late: 0.05 },
  weeklyDropout: 0.012,
  device: { offlineDay: 0.06, repeat: 0.03, fault: 0.01 },
  sideEffects: { placebo: 0.12, active: 0.22 },
  adverseEvent: { reported: 0.25, severe: 0.05 },
  ineligible: 0.18,
};

/** The same world in which capsules do nothing and beliefs do nothing. */
export function withoutEffects(settings: Settings): Settings {
  return scaleEffects(settings, { drug: 0, belief: 0 });
}

/** Scales what the drug and what the belief add; 1 leaves the calibration as it is. */
export function scaleEffects(settings: Settings, by: { drug?: number; belief?: number }): Settings {
  const { drug = 1, belief = 1 } = by;
  const scaled = (effect: RatingEffect) => ({ ...effect, drug: effect.drug * drug, belief: effect.belief * belief });
  return {
    ...settings,
    ratings: Object.fromEntries(Object.entries(settings.ratings).map(([item, effect]) => [item, scaled(effect)])),
    questionnaires: scaled(settings.questionnaires),
  };
}

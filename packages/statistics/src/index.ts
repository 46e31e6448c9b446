/** Numbers a trial statistician can trust: random streams, distributions, mixed models, blinding. */
export { type GradedGuessCounts, gradedBangIndex } from './blinding/confidence.ts';
export {
  type CurveNote,
  type CurvePoint,
  correctGuessRateCurve,
  differenceAtRate,
  type GuessedValue,
  type GuessRateCurve,
  quantile,
  smallStratum,
} from './blinding/curve.ts';
export { type DetectionThreshold, type DoseAnswer, detectionThreshold } from './blinding/detection.ts';
export {
  drawExpectancyTrial,
  type ExpectancyEstimate,
  type ExpectancyModel,
  type ExpectancyTerm,
  estimateExpectancy,
  expectancyInflation,
  type NormalEffect,
} from './blinding/expectancy.ts';
export {
  bangIndex,
  correctGuessRate,
  type GuessAccuracy,
  type GuessCounts,
  type GuessTable,
  guessAccuracy,
  guessTable,
  type Index,
  jamesIndex,
} from './blinding/indices.ts';
export {
  type BlindingOverTime,
  type BootstrappedIndex,
  type BootstrappedIndices,
  blindingOverTime,
  type IndicesAt,
  type TimedGuess,
} from './blinding/over-time.ts';
export {
  betaUpper,
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareUpper,
  fCdf,
  fUpper,
  tCdf,
  tQuantile,
  tTwoSided,
} from './distributions/distributions.ts';
export { betaCdf, betaQuantile, gammaCdf, gammaQuantile, gammaUpper } from './distributions/gamma-beta.ts';
export { type BoxProbability, type BoxRequest, boxProbability } from './distributions/multivariate.ts';
export { normalCdf, normalDensity, normalQuantile } from './distributions/normal.ts';
export {
  dunnettQuantile,
  dunnettUpper,
  studentizedRangeQuantile,
  studentizedRangeUpper,
} from './distributions/simultaneous.ts';
export { StatisticsError, type StatisticsErrorCode, statisticsErrors } from './errors.ts';
export {
  fitGeneralisedModel,
  type GeneralisedModel,
  type GeneralisedRequest,
  type GeneralisedTerm,
  type RandomIntercept,
} from './generalised/fit.ts';
export { fitGee, type GeeModel, type GeeRequest, type GeeTerm } from './generalised/gee.ts';
export type { GeneralisedFamily } from './generalised/observations.ts';
export type { ContrastTest, Term } from './inference/coefficient-tests.ts';
export type { DegreesOfFreedom } from './inference/degrees-of-freedom.ts';
export { type Compared, type LikelihoodRatio, likelihoodRatioTest } from './inference/likelihood-ratio.ts';
export {
  type AncovaRequest,
  ancova,
  fitLinearModel,
  type LinearModel,
  type LinearModelRequest,
} from './linear-model/fit.ts';
export { type MeanRow, type MeansRequest, meanRows, type Weights } from './marginal-means/grid.ts';
export {
  type Comparison,
  type ComparisonRequest,
  compareMeans,
  type MarginalMean,
  type MeansAdjustment,
  type MeansModel,
  marginalMeans,
} from './marginal-means/means.ts';
export type { Heterogeneity, HeterogeneityMethod } from './meta/heterogeneity.ts';
export {
  eggerTest,
  leaveOneOut,
  type MetaAnalysis,
  type MetaAnalysisRequest,
  type MetaTerm,
  metaAnalysis,
  type StudyEffect,
} from './meta/meta-analysis.ts';
export { fitMultivariateNormal, type MultivariateNormal } from './missing-data/em.ts';
export { jackknife } from './missing-data/jackknife.ts';
export {
  type CompletedParticipant,
  type ConditionalMeanRequest,
  conditionalMeanImputation,
  type MultipleImputationRequest,
  multipleImputation,
  type TippingPoint,
  tippingPoint,
} from './missing-data/multiple-imputation.ts';
export { type CompletedEstimate, type PooledEstimate, poolEstimates } from './missing-data/pool.ts';
export {
  type ArmDistribution,
  type ImputationRequest,
  type ImputationRule,
  type ImputedParticipant,
  imputeByReference,
} from './missing-data/reference-based.ts';
export type { Method } from './mixed-model/deviance.ts';
export { fitLinearMixedModel, type MixedModel, type ModelRequest } from './mixed-model/fit.ts';
export type { GroupEffects, VarianceComponent } from './mixed-model/random-part.ts';
export type { Residuals } from './mixed-model/residuals.ts';
export {
  fitMmrm,
  type Mmrm,
  type MmrmOptions,
  type PreparedMmrm,
  prepareMmrm,
} from './mmrm/fit.ts';
export type { MmrmDesign } from './mmrm/prepare.ts';
export type { CovarianceStructure } from './mmrm/structure.ts';
export type { Coding, DesignColumn, Factor, Variable } from './model-frame/design.ts';
export { type Formula, type ModelTerm, parseFormula, type RandomTerm } from './model-frame/formula.ts';
export { type Cell, type Data, type ModelFrame, modelFrame, type RandomPart } from './model-frame/frame.ts';
export { type Adjustment, adjustPValues } from './multiplicity/adjust.ts';
export {
  adjustContrasts,
  againstControl,
  averageCell,
  type Cell as GridCell,
  type Contrast,
  contrasts,
  type Fitted,
  pairwise,
} from './multiplicity/contrasts.ts';
export { type Graph, graphAdjustedPValues } from './multiplicity/graph.ts';
export { type IndividualEffect, individualEffects } from './one-person/individual-effects.ts';
export {
  type Change,
  type ClinicalChange,
  clinicalChange,
  clinicalCutoffs,
  type GroupChange,
  hagemanArrindell,
  type ReferenceGroup,
  type ReliableChange,
  type ReliableChangeMethod,
  reliableChange,
} from './one-person/reliable-change.ts';
export {
  type SingleCase,
  type SingleCaseRequest,
  type SingleCaseTest,
  singleCaseTest,
} from './one-person/single-case.ts';
export { autocorrelatedSlope, type Slope, type SlopeRequest, type SlopeTerm } from './one-person/slope.ts';
export { findMinimum, findRoot, type OneVariable } from './optimise/brent.ts';
export { type LbfgsMinimum, type LbfgsOptions, minimiseByLbfgs, type WithGradient } from './optimise/lbfgs.ts';
export { type Derivatives, type Minimum, minimiseByNewton } from './optimise/newton.ts';
export { philox, philoxBlock, type Random } from './random/philox.ts';
export {
  type ConfidenceSet,
  type ConfidenceSetRequest,
  type RerandomisationRequest,
  type RerandomisationTest,
  rerandomisationInterval,
  rerandomisationTest,
} from './randomisation/rerandomise.ts';
export {
  type BoundaryRequest,
  type Crossing,
  crossingProbabilities,
  type Look,
  sequentialBoundaries,
} from './sequential/boundaries.ts';
export {
  type BlindedSize,
  blindedSampleSize,
  conditionalPower,
  probabilityAboveLimit,
  type SafetyRule,
  safetyBoundary,
  zOfConditionalPower,
} from './sequential/decisions.ts';
export { type Spending, spentError } from './sequential/spending.ts';
export { type CoxModel, type CoxRequest, fitCox, type HazardTerm } from './survival/cox.ts';
export {
  type Followed,
  type KaplanMeier,
  kaplanMeier,
  type LogRank,
  logRank,
  type SurvivalStep,
} from './survival/kaplan-meier.ts';

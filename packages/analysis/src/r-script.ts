/** An R script that repeats the primary analysis with other people's software: lm, lme4 or nlme. */
import type { OutcomeSpec } from './outcome-spec.ts';

/** Largest difference accepted, as a share of the estimate where that is above 1. */
export const agreement = 1e-6;

const correlations: Readonly<Record<string, string>> = {
  unstructured: 'corSymm(form = ~ visitNumber | participant)',
  'compound-symmetry': 'corCompSymm(form = ~ 1 | participant)',
  'heterogeneous-compound-symmetry': 'corCompSymm(form = ~ 1 | participant)',
  ar1: 'corAR1(form = ~ visitNumber | participant)',
  'heterogeneous-ar1': 'corAR1(form = ~ visitNumber | participant)',
};

/** Null where no common R package has the plan's covariance. Reads `data/primary.csv` and `data/primary-terms.csv`. */
export function primaryScript(spec: OutcomeSpec): string | null {
  const fit = fitLines(spec);
  if (fit === null) return null;
  const reference = spec.levels[0]?.level ?? '';
  return [
    '# Repeats the primary analysis of this bundle. Run in its folder: Rscript primary.R',
    'd <- read.csv("data/primary.csv", stringsAsFactors = FALSE, na.strings = "")',
    `d$condition <- relevel(factor(d$condition), ref = ${quoted(reference)})`,
    'if (any(!is.na(d$guess))) d$guess <- relevel(factor(d$guess), ref = "placebo")',
    'd$participant <- factor(d$participant)',
    ...visitLines(spec),
    ...fit,
    'told <- read.csv("data/primary-terms.csv", stringsAsFactors = FALSE)',
    'beta <- beta[told$term]',
    'se <- se[told$term]',
    'difference <- pmax(abs(beta - told$estimate) / pmax(1, abs(told$estimate)),',
    '                   abs(se - told$standardError) / pmax(1, abs(told$standardError)))',
    'print(data.frame(term = told$term, bundle = told$estimate, R = beta, bundleSE = told$standardError, RSE = se), digits = 10)',
    `if (any(is.na(difference)) || any(difference > ${agreement})) { cat("DIFFERS", max(difference), "\\n"); quit(status = 1) }`,
    'cat("AGREES", format(max(difference), digits = 3), "\\n")',
    '',
  ].join('\n');
}

function visitLines({ repeated }: OutcomeSpec): string[] {
  if (repeated === undefined) return [];
  const at = repeated.effectAtDay === undefined ? 'max(d$day)' : String(repeated.effectAtDay);
  return [
    `at <- paste("day", ${at})`,
    'days <- sort(unique(d$day))',
    'd$visitNumber <- match(d$day, days)',
    'd$visit <- relevel(factor(d$visit, levels = paste("day", days)), ref = at)',
    'd <- d[order(d$participant, d$visitNumber), ]',
  ];
}

function fitLines({ formula, repeated }: OutcomeSpec): string[] | null {
  if (repeated !== undefined) {
    const correlation = correlations[repeated.covariance];
    if (correlation === undefined) return null;
    const varying = repeated.covariance === 'unstructured' || repeated.covariance.startsWith('heterogeneous');
    const weights = varying ? ', weights = varIdent(form = ~ 1 | visit)' : '';
    const control = 'control = glsControl(tolerance = 1e-12, msTol = 1e-12, maxIter = 500, msMaxIter = 500)';
    return [
      'library(nlme)',
      `fit <- gls(${formula}, data = d, correlation = ${correlation}${weights}, method = "REML", na.action = na.omit, ${control})`,
      'beta <- coef(fit)',
      'se <- sqrt(diag(fit$varBeta))',
    ];
  }
  if (!formula.includes('|')) {
    return [`fit <- lm(${formula}, data = d)`, 'beta <- coef(fit)', 'se <- sqrt(diag(vcov(fit)))'];
  }
  const control = 'control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12))';
  return [
    'library(lme4)',
    `fit <- lmer(${formula}, data = d, REML = TRUE, ${control})`,
    'beta <- fixef(fit)',
    'se <- sqrt(diag(as.matrix(vcov(fit))))',
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

# References for estimated marginal means and their comparisons: emmeans on lm, on lmer with lmerTest's and pbkrtest's
# degrees of freedom, and on nlme::gls with an unstructured covariance.
#
#   Rscript marginal-means.R references/marginal-means.json
suppressPackageStartupMessages({ library(emmeans); library(lme4); library(lmerTest); library(pbkrtest); library(nlme); library(jsonlite) })
options(contrasts = c("contr.treatment", "contr.poly"))
Sys.setlocale("LC_COLLATE", "C")
emm_options(lmerTest.limit = 1e4, pbkrtest.limit = 1e4)

set.seed(20260301)
people <- data.frame(participant = sprintf("p%03d", 1:66), stringsAsFactors = FALSE)
people$arm <- rep(c("high", "low", "placebo"), c(25, 18, 23))
people$sex <- sample(c("f", "m"), 66, TRUE, c(0.65, 0.35))
people$baseline <- round(rnorm(66, 20, 4), 1)
people$level <- rnorm(66, 0, 2)
trial <- merge(people, data.frame(visit = c("v1", "v2", "v3")))
trial <- trial[order(trial$participant, trial$visit), ]
at <- as.integer(sub("v", "", trial$visit))
trial$score <- round(10 + 0.4 * trial$baseline + trial$level - at * (0.3 + 0.5 * (trial$arm == "high") + 0.2 * (trial$arm == "low")) + 0.6 * (trial$sex == "m") + rnorm(nrow(trial), 0, 1 + 0.2 * at), 2)
trial <- trial[runif(nrow(trial)) > 0.08 * at, c("participant", "arm", "sex", "visit", "baseline", "score")]
rownames(trial) <- NULL
for (name in c("arm", "sex", "visit")) trial[[name]] <- factor(trial[[name]])
trial$arm <- relevel(trial$arm, "placebo")
trial$number <- as.integer(trial$visit)

rows <- function(x, of, by) {
  s <- as.data.frame(summary(x, infer = c(TRUE, TRUE)))
  value <- intersect(c("emmean", "estimate"), names(s))
  limits <- names(s)[grepl("(lower|asymp.L|upper|asymp.U)", names(s))]
  list(levels = if (is.null(s$contrast)) lapply(seq_len(nrow(s)), function(i) as.list(sapply(s[i, c(of, by), drop = FALSE], as.character))) else
         lapply(seq_len(nrow(s)), function(i) c(list(name = gsub(",", " ", as.character(s$contrast[i]))), as.list(sapply(s[i, by, drop = FALSE], as.character)))),
       estimate = s[[value]], error = s$SE, df = ifelse(is.finite(s$df), s$df, -1), p = s$p.value, lower = s[[limits[1]]], upper = s[[limits[2]]])
}
# Dunnett's p and limits of two comparisons by integrating the bivariate t, of which emmeans asks mvtnorm for fewer digits.
dunnett <- function(x, by) {
  plain <- rows(contrast(x, "trt.vs.ctrl", ref = "placebo", adjust = "none"), NULL, by)
  v <- vcov(contrast(x, "trt.vs.ctrl", ref = "placebo"))
  family <- if (length(by)) sapply(plain$levels, function(l) paste(unlist(l[by]))) else rep("all", length(plain$p))
  for (f in unique(family)) {
    own <- which(family == f); r <- cov2cor(v[own, own]); t <- abs(plain$estimate / plain$error)[own]
    within <- function(q) integrate(function(z) dnorm(z) * (pnorm((q - r[1, 2] * z) / sqrt(1 - r[1, 2]^2)) - pnorm((-q - r[1, 2] * z) / sqrt(1 - r[1, 2]^2))), -q, q, rel.tol = 1e-12)$value
    upper <- function(q, df) if (df < 0) 1 - within(q) else
      1 - integrate(function(s) sapply(s, function(x) within(q * x)) * 2 * df * s * dchisq(df * s^2, df), sqrt(qchisq(1e-14, df) / df),
                    sqrt(qchisq(1e-14, df, lower.tail = FALSE) / df), rel.tol = 1e-11)$value
    for (i in seq_along(own)) { df <- plain$df[own[i]]
      plain$p[own[i]] <- upper(t[i], df)
      q <- uniroot(function(q) upper(q, df) - 0.05, c(1, 6), tol = 1e-10)$root
      plain$lower[own[i]] <- plain$estimate[own[i]] - q * plain$error[own[i]]
      plain$upper[own[i]] <- plain$estimate[own[i]] + q * plain$error[own[i]] } }
  plain
}
cases <- function(fitted, of, by, weights = "equal", at = list(), ...) {
  x <- emmeans(fitted, specs = of, by = by, weights = weights, at = at, ...)
  list(of = I(of), by = I(as.character(by)), weights = weights, at = at, means = rows(x, of, by),
       pairs = list(none = rows(contrast(x, "pairwise", adjust = "none"), of, by), tukey = rows(contrast(x, "pairwise", adjust = "tukey"), of, by),
                    holm = rows(contrast(x, "pairwise", adjust = "holm"), of, by), hochberg = rows(contrast(x, "pairwise", adjust = "hochberg"), of, by),
                    bonferroni = rows(contrast(x, "pairwise", adjust = "bonferroni"), of, by)),
       dunnett = if (identical(of, "arm")) dunnett(x, by) else NA)
}
text <- list(linear = "score ~ baseline + arm * visit + sex", mixed = "score ~ baseline + arm * visit + sex + (1 | participant)", repeated = "score ~ baseline + arm * visit + sex")
linear <- lm(as.formula(text$linear), trial)
mixed <- lmerTest::lmer(as.formula(text$mixed), trial, control = lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-13, ftol_abs = 1e-13, maxeval = 1e5)))
repeated <- gls(as.formula(text$repeated), trial, correlation = corSymm(form = ~ number | participant), weights = varIdent(form = ~ 1 | visit),
                control = glsControl(tolerance = 1e-11, msTol = 1e-13, maxIter = 500, msMaxIter = 1000))
fits <- list(
  list(model = "linear", formula = text$linear, df = "residual", cases = list(cases(linear, "arm", NULL), cases(linear, "arm", "visit"),
    cases(linear, "arm", NULL, "proportional"), cases(linear, "arm", NULL, "cells"), cases(linear, c("arm", "sex"), NULL, "cells", list(baseline = 25)))),
  list(model = "mixed", formula = text$mixed, df = "satterthwaite", cases = list(cases(mixed, "arm", "visit", lmer.df = "satterthwaite"),
    cases(mixed, "arm", NULL, "proportional", lmer.df = "satterthwaite"), cases(mixed, "visit", "arm", "cells", lmer.df = "satterthwaite"))),
  list(model = "mixed", formula = text$mixed, df = "kenward-roger", cases = list(cases(mixed, "arm", "visit", lmer.df = "kenward-roger"),
    cases(mixed, "arm", NULL, lmer.df = "kenward-roger"))),
  list(model = "repeated", formula = text$repeated, df = "asymptotic", cases = list(cases(repeated, "arm", "visit", mode = "asymptotic"),
    cases(repeated, "arm", NULL, mode = "asymptotic"))))
data <- lapply(trial[, c("participant", "arm", "sex", "visit", "baseline", "score")], function(x) if (is.factor(x)) as.character(x) else x)
versions <- sapply(c("emmeans", "lme4", "lmerTest", "pbkrtest", "nlme"), function(p) as.character(packageVersion(p)))
writeLines(toJSON(list(r = R.version.string, packages = as.list(versions), data = data, fits = fits), digits = 15, auto_unbox = TRUE, na = "null"), commandArgs(TRUE)[1])

# References for studentized range, Dunnett's maximum and contrasts: R, mvtnorm and emmeans.
#
#   Rscript contrasts.R references/contrasts.json
suppressPackageStartupMessages({
  library(jsonlite)
  library(mvtnorm)
  library(emmeans)
})
tukey <- expand.grid(q = c(0.5, 2, 3.5, 5, 8), means = c(2, 3, 6, 12), df = c(3, 10.5, 60, Inf))
# ptukey is 3e-6 off at three degrees of freedom, so the definition is integrated beside it.
range_upper <- function(w, k) 1 - k * integrate(function(z) dnorm(z) * (pnorm(z) - pnorm(z - w))^(k - 1), -9, 9,
                                                rel.tol = 1e-12, abs.tol = 0, subdivisions = 2000)$value
exact <- function(q, k, df) {
  if (is.infinite(df)) return(range_upper(q, k))
  f <- function(s) sapply(s, function(x) range_upper(q * x, k)) * 2 * df * s * dchisq(df * s^2, df)
  cuts <- c(0, sqrt(qchisq(c(1e-6, 0.01, 0.5, 0.99, 1 - 1e-6), df) / df), sqrt(qchisq(1e-18, df, lower.tail = FALSE) / df))
  sum(sapply(2:length(cuts), function(i) integrate(f, cuts[i - 1], cuts[i], rel.tol = 1e-10, abs.tol = 1e-14)$value))
}
tukey$exact <- mapply(exact, tukey$q, tukey$means, tukey$df)
tukey$upper <- with(tukey, ptukey(q, means, df, lower.tail = FALSE))
dunnett <- lapply(list(list(t = 2.4, loadings = c(0.6, 0.7), df = 20), list(t = 2.2, loadings = c(0.5, 0.6, 0.8), df = 57),
                       list(t = 3, loadings = rep(sqrt(0.5), 4), df = 12)), function(d) {
  s <- outer(d$loadings, d$loadings); diag(s) <- 1; k <- length(d$loadings)
  set.seed(1)
  c(d, list(upper = 1 - as.numeric(pmvt(rep(-d$t, k), rep(d$t, k), df = d$df, corr = s, algorithm = GenzBretz(5e6, 1e-8, 0)))))
})
data <- transform(MASS::anorexia, Treat = factor(as.character(Treat)))
fit <- lm(Postwt ~ Treat * Prewt, data)
means <- emmeans(fit, "Treat", at = list(Prewt = 82))
frame <- function(x) { s <- as.data.frame(summary(x, infer = c(TRUE, TRUE))); names(s)[1] <- "name"; s$name <- as.character(s$name); names(s)[2] <- "estimate"; s }
write_json(list(tukey = transform(tukey, df = ifelse(is.finite(df), df, -1)), dunnett = dunnett,
                fit = list(coefficients = unname(coef(fit)), covariance = unname(vcov(fit)), df = fit$df.residual,
                           grid = unname(means@linfct), names = levels(data$Treat)),
                means = frame(means), tukeyPairs = frame(pairs(means)),
                plainPairs = frame(contrast(means, "pairwise", adjust = "none")),
                control = frame(contrast(means, "trt.vs.ctrl", ref = "Cont", adjust = "holm"))),
           commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)

# References for linear models, sequential boundaries and adjusted p-values: R, rpact and mvtnorm.
#
#   Rscript trial-methods.R references/trial-methods.json
suppressPackageStartupMessages({
  library(jsonlite)
  library(rpact)
  library(mvtnorm)
})
options(contrasts = c("contr.treatment", "contr.poly"))

linear <- function(formula, data) {
  m <- lm(as.formula(formula), data)
  s <- summary(m)
  list(formula = formula, data = as.list(data), terms = names(coef(m)), estimate = unname(coef(m)),
       error = unname(s$coefficients[, 2]), p = unname(s$coefficients[, 4]), sigma = s$sigma, rSquared = s$r.squared,
       f = unname(s$fstatistic[1]), logLikelihood = as.numeric(logLik(m)))
}
cars <- data.frame(mpg = mtcars$mpg, wt = mtcars$wt, cyl = paste0("c", mtcars$cyl), stringsAsFactors = FALSE)
anorexia <- data.frame(post = MASS::anorexia$Postwt, pre = MASS::anorexia$Prewt, treat = as.character(MASS::anorexia$Treat))
nist <- with(longley, data.frame(y = Employed * 1000, x1 = GNP.deflator, x2 = GNP * 1000, x3 = Unemployed * 10,
                                 x4 = Armed.Forces * 10, x5 = Population * 1000, x6 = Year))
nist <- round(nist, 1)

designs <- list(
  list(type = "asOF", kind = "obrien-fleming", gamma = 0, alpha = 0.025, t = c(0.2, 0.4, 0.6, 0.8, 1)),
  list(type = "asOF", kind = "obrien-fleming", gamma = 0, alpha = 0.05, t = c(0.35, 0.6, 1)),
  list(type = "asP", kind = "pocock", gamma = 0, alpha = 0.025, t = c(0.25, 0.5, 0.9, 1)),
  list(type = "asHSD", kind = "hwang-shih-decani", gamma = -4, alpha = 0.025, t = c(0.3, 0.7, 1)),
  list(type = "asHSD", kind = "hwang-shih-decani", gamma = 1, alpha = 0.01, t = c(0.5, 1)))
bounds <- lapply(designs, function(d) {
  made <- getDesignGroupSequential(kMax = length(d$t), alpha = d$alpha, sided = 1, informationRates = d$t,
                                   typeOfDesign = d$type, gammaA = if (d$type == "asHSD") d$gamma else NA_real_,
                                   tolerance = 1e-10)
  c(d, list(z = made$criticalValues, spent = made$alphaSpent))
})
# First exits above given bounds with drift: differences of multivariate normal rectangles.
exits <- function(t, z, drift) {
  stay <- sapply(seq_along(t), function(k) {
    s <- outer(t[1:k], t[1:k], function(a, b) sqrt(pmin(a, b) / pmax(a, b)))
    if (k == 1) pnorm(z[1] - drift * sqrt(t[1]))
    else as.numeric(pmvnorm(upper = z[1:k], mean = drift * sqrt(t[1:k]), sigma = s, algorithm = Miwa(steps = 4000)))
  })
  -diff(c(1, stay))
}
power <- lapply(list(list(t = c(0.3, 0.6, 1), z = c(3.2, 2.5, 2), drift = 2.9),
                     list(t = c(0.2, 0.5, 0.7, 1), z = c(2.4, 2.4, 2.3, 2.2), drift = 0)),
                function(d) c(d, list(above = exits(d$t, d$z, d$drift))))
ps <- list(c(0.011, 0.02, 0.004, 0.6, 0.03), c(0.04, 0.04, 0.04), c(0.2, 0.001, 0.012, 0.9, 0.05, 0.049, 0.013, 0.3))
adjusted <- lapply(ps, function(p) list(p = p, bonferroni = p.adjust(p, "bonferroni"), holm = p.adjust(p, "holm"),
  hochberg = p.adjust(p, "hochberg"), hommel = p.adjust(p, "hommel"), `benjamini-hochberg` = p.adjust(p, "BH")))
write_json(list(linear = list(linear("mpg ~ wt + cyl", cars), linear("mpg ~ wt * cyl", cars), linear("post ~ pre + treat", anorexia)),
                longley = as.list(nist), bounds = bounds, power = power, adjusted = adjusted),
           commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)

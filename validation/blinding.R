# References for the threshold of detection: glm, Fieller's limits by his formula, and the profile likelihood by glm with an offset; with a random
# intercept lme4's glmer.
#
#   Rscript blinding.R references/blinding.json
suppressPackageStartupMessages({library(lme4); library(jsonlite)})
set.seed(11)
logit <- function(p) log(p / (1 - p))
z2 <- qnorm(0.975)^2
sets <- list(
  list(name = "steep", share = 0.5, d = data.frame(dose = rep(c(0, 5, 10, 15, 20), each = 20))),
  list(name = "three quarters", share = 0.75, d = data.frame(dose = rep(c(0, 6.5, 13, 20), times = c(40, 12, 18, 30)))),
  list(name = "few", share = 0.5, d = data.frame(dose = rep(c(0, 10, 20), each = 12))))
slopes <- c(0.25, 0.2, 0.12)
ends <- function(excess, at, width) {
  far <- at + width * c(-1, 1) * 1000
  c(if (excess(far[1]) > 0) uniroot(excess, c(far[1], at), tol = 1e-11)$root else NA,
    if (excess(far[2]) > 0) uniroot(excess, c(at, far[2]), tol = 1e-11)$root else NA)
}
tight <- glm.control(epsilon = 1e-14, maxit = 100)
out <- lapply(seq_along(sets), function(i) {
  s <- sets[[i]]; d <- s$d
  d$noticed <- rbinom(nrow(d), 1, plogis(-2 + slopes[i] * d$dose))
  m <- glm(noticed ~ dose, binomial, d, control = tight)
  b <- coef(m); v <- vcov(m); w <- logit(s$share); x <- (w - b[1]) / b[2]
  a <- b[2]^2 - z2 * v[2, 2]; h <- b[2] * (b[1] - w) - z2 * v[1, 2]; k <- (b[1] - w)^2 - z2 * v[1, 1]
  excess <- function(t) {
    d$moved <- d$dose - t
    suppressWarnings(deviance(glm(noticed ~ 0 + moved, binomial, d, offset = rep(w, nrow(d)), control = tight))) - deviance(m) - z2
  }
  list(name = s$name, share = s$share, dose = d$dose, noticed = d$noticed, threshold = unname(x),
       fieller = unname((-h + c(-1, 1) * sqrt(h^2 - a * k)) / a), profile = ends(excess, unname(x), 20))
})
# Several answers a person.
p <- data.frame(person = rep(sprintf("P%02d", 1:25), each = 6), dose = rep(c(0, 0, 7, 7, 14, 20), 25))
p$noticed <- rbinom(nrow(p), 1, plogis(-2 + 0.2 * p$dose + rnorm(25, 0, 1.2)[as.integer(factor(p$person))]))
control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
top <- as.numeric(logLik(glmer(noticed ~ dose + (1 | person), p, binomial, nAGQ = 25, control = control)))
m <- glmer(noticed ~ dose + (1 | person), p, binomial, nAGQ = 25, control = control)
x <- unname(-fixef(m)[1] / fixef(m)[2])
excess <- function(t) {
  p$moved <- p$dose - t
  2 * (top - as.numeric(logLik(glmer(noticed ~ 0 + moved + (1 | person), p, binomial, nAGQ = 25, control = control)))) - z2
}
root <- function(a, b) uniroot(excess, c(a, b), tol = 1e-7)$root
out[[length(out) + 1]] <- list(name = "repeated", share = 0.5, dose = p$dose, noticed = p$noticed, participant = p$person,
  threshold = x, profile = c(root(x - 15, x), root(x, x + 20)))
write_json(out, commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE, na = "null")

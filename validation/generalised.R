# References for generalised models: R, lme4, ordinal, geepack, MASS.
#
#   Rscript generalised.R references/generalised.json
#
# The random-intercept models are taken from glmer's and clmm's optimum to the maximum of the integral itself, by Newton steps
# on the marginal likelihood with 61 adaptive nodes written out below; what the packages arrive at is kept beside it.
suppressPackageStartupMessages({
  library(jsonlite); library(lme4); library(ordinal); library(geepack); library(numDeriv)
})
options(contrasts = c("contr.treatment", "contr.poly"))
hermite <- function(n) {
  j <- matrix(0, n, n); s <- sqrt(seq_len(n - 1) / 2)
  j[cbind(1:(n - 1), 2:n)] <- s; j[cbind(2:n, 1:(n - 1))] <- s
  e <- eigen(j, symmetric = TRUE)
  list(x = e$values, w = sqrt(pi) * e$vectors[1, ]^2)
}
rule <- hermite(61)
# loglik(rows, b): vector over b of the log probability of these rows with random part b (already times sigma).
marginal <- function(groups, f, sigma) sum(sapply(groups, function(rows) {
  g <- function(b) f(rows, sigma * b) - b^2 / 2 - log(2 * pi) / 2
  o <- optimize(function(b) sapply(b, g), c(-8, 8), maximum = TRUE, tol = 1e-10)
  h <- (g(o$maximum + 1e-3) - 2 * g(o$maximum) + g(o$maximum - 1e-3)) / 1e-6
  tau <- 1 / sqrt(-h)
  v <- sapply(o$maximum + sqrt(2) * tau * rule$x, g) + rule$x^2 + log(rule$w)
  max(v) + log(sum(exp(v - max(v)))) + log(sqrt(2) * tau)
}))
polish <- function(f, start) {
  for (k in 1:4) {
    g <- grad(f, start); h <- hessian(f, start)
    start <- start - solve(h, g)
  }
  list(estimate = unname(start), error = unname(sqrt(diag(solve(-hessian(f, start))))), logLikelihood = f(start))
}
plain <- function(m) list(estimate = unname(coef(m)), error = unname(sqrt(diag(vcov(m)))), logLikelihood = as.numeric(logLik(m)))
cols <- function(d) lapply(as.list(d), function(x) if (is.factor(x)) as.character(x) else x)

set.seed(20261)
g <- 40
bin <- data.frame(person = rep(sprintf("p%02d", 1:g), each = 6), dose = rep(c(0, 5, 10, 13, 20, 26), g),
                  arm = rep(rep(c("a", "b"), each = 6), g / 2))
bin$y <- rbinom(nrow(bin), 1, plogis(-1.5 + 0.1 * bin$dose + 0.4 * (bin$arm == "b") + rep(rnorm(g, 0, 1.2), each = 6)))
bin <- bin[sample(nrow(bin), 210), ]
glmmCase <- function(formula, data, family, group) {
  random <- as.formula(paste(formula, "+ (1 |", group, ")"))
  fam <- if (family == "binomial") binomial() else poisson()
  m <- glmer(random, data = data, family = fam, nAGQ = 25)
  x <- model.matrix(as.formula(formula), data); y <- data$y
  rows <- split(seq_len(nrow(data)), data[[group]])
  f <- function(par) {
    eta <- as.vector(x %*% par[-length(par)])
    one <- if (family == "binomial") function(r, b) sum(dbinom(y[r], 1, plogis(eta[r] + b), log = TRUE))
           else function(r, b) sum(dpois(y[r], exp(eta[r] + b), log = TRUE))
    marginal(rows, one, par[length(par)])
  }
  list(formula = paste(formula, "+ (1 |", group, ")"), family = family, data = cols(data), terms = colnames(x),
       package = list(estimate = unname(c(fixef(m), getME(m, "theta")))),
       exact = polish(f, unname(c(fixef(m), getME(m, "theta")))))
}
set.seed(5)
seizures <- data.frame(person = rep(sprintf("p%02d", 1:30), each = 4), visit = rep(1:4, 30), arm = rep(c("pl", "ac"), each = 60))
seizures$y <- rpois(120, exp(1.2 - 0.15 * seizures$visit - 0.5 * (seizures$arm == "ac") + rep(rnorm(30, 0, 0.6), each = 4)))
data(cbpp, package = "lme4")
herd <- do.call(rbind, lapply(seq_len(nrow(cbpp)), function(i) with(cbpp[i, ],
  data.frame(herd = paste0("h", herd), period = paste0("t", period), y = rep(c(1, 0), c(incidence, size - incidence))))))
w <- wine; w$y <- as.integer(w$rating); w$judge <- paste0("j", w$judge); w$temp <- as.character(w$temp); w$contact <- as.character(w$contact)
w <- w[, c("y", "judge", "temp", "contact")]
ordinalCase <- function(formula, data, group) {
  data$o <- factor(data$y, ordered = TRUE)
  m <- clmm(as.formula(sub("y ~", "o ~", paste(formula, "+ (1 |", group, ")"))), data = data, nAGQ = 15)
  x <- model.matrix(as.formula(formula), data)[, -1, drop = FALSE]
  k <- nlevels(data$o); y <- as.integer(data$o)
  rows <- split(seq_len(nrow(data)), data[[group]])
  f <- function(par) {
    th <- c(-Inf, par[1:(k - 1)], Inf); eta <- as.vector(x %*% par[k:(k - 1 + ncol(x))])
    one <- function(r, b) sum(log(plogis(th[y[r] + 1] - eta[r] - b) - plogis(th[y[r]] - eta[r] - b)))
    marginal(rows, one, par[length(par)])
  }
  start <- unname(c(coef(m), sqrt(VarCorr(m)[[1]][1])))
  list(formula = paste(formula, "+ (1 |", group, ")"), family = "ordinal", data = cols(data[, names(data) != "o"]),
       terms = names(coef(m)), package = list(estimate = start, logLikelihood = as.numeric(logLik(m))), exact = polish(f, start))
}
clmCase <- function(formula, data) {
  data$o <- factor(data$y, ordered = TRUE)
  m <- clm(as.formula(sub("y ~", "o ~", formula)), data = data, control = clm.control(gradTol = 1e-12))
  list(formula = formula, family = "ordinal", data = cols(data[, names(data) != "o"]), terms = names(coef(m)), exact = plain(m))
}
glmCase <- function(formula, data, family) {
  m <- glm(as.formula(formula), data = data, family = family, control = glm.control(epsilon = 1e-14, maxit = 100))
  list(formula = formula, family = family, data = cols(data), terms = names(coef(m)), exact = plain(m))
}
geeCase <- function(formula, data, family, group, corstr, visit = NULL) {
  data <- data[order(data[[group]]), ]
  if (!is.null(visit)) data <- data[order(data[[group]], data[[visit]]), ]
  data$id <- as.integer(factor(data[[group]])); wave <- if (is.null(visit)) NULL else data[[visit]]
  data$waveOf <- if (is.null(wave)) ave(data$id, data$id, FUN = seq_along) else wave
  m <- geeglm(as.formula(formula), data = data, family = family, id = id, corstr = corstr, waves = waveOf,
              control = geese.control(epsilon = 1e-13, maxit = 400))
  s <- summary(m)
  # Mancl and DeRouen (2001), written out.
  fam <- get(family)(); x <- model.matrix(m); mu <- as.vector(fitted(m)); y <- as.vector(m$y); beta <- coef(m)
  d <- fam$mu.eta(fam$linkfun(mu)) * x; v <- fam$variance(mu); phi <- s$dispersion[1, 1]
  alpha <- if (corstr == "independence") 0 else m$geese$alpha
  wI <- function(r) {
    k <- length(r); R <- diag(k)
    if (corstr == "exchangeable") R[] <- ifelse(diag(k) == 1, 1, alpha)
    if (corstr == "ar1") R <- alpha^abs(outer(data$waveOf[r], data$waveOf[r], "-"))
    a <- sqrt(v[r]); solve(phi * (a %o% a) * R)
  }
  groups <- split(seq_along(y), data$id)
  bread <- solve(Reduce(`+`, lapply(groups, function(r) t(d[r, , drop = FALSE]) %*% wI(r) %*% d[r, , drop = FALSE])))
  meat <- Reduce(`+`, lapply(groups, function(r) {
    dr <- d[r, , drop = FALSE]; W <- wI(r); H <- dr %*% bread %*% t(dr) %*% W
    e <- solve(diag(length(r)) - H, (y - mu)[r]); u <- t(dr) %*% W %*% e; u %*% t(u)
  }))
  md <- sqrt(diag(bread %*% meat %*% bread))
  keep <- setdiff(names(data), c("id", "waveOf"))
  list(formula = formula, family = family, group = group, visit = if (is.null(visit)) NA else visit, correlation = corstr, data = cols(data[, keep]),
       terms = names(beta), estimate = unname(beta), robust = unname(s$coefficients[, "Std.err"]), manclDeRouen = unname(md),
       alpha = unname(alpha), scale = phi)
}
data(ohio, package = "geepack")
oh <- data.frame(y = ohio$resp, id0 = paste0("c", ohio$id), age = ohio$age, smoke = ohio$smoke)[ohio$id %% 3 == 0, ]
gap <- seizures[-c(3, 10, 11, 50, 77, 90, 91, 92), ]
normal <- data.frame(y = round(10 + as.numeric(seizures$arm == "ac") + rep(rnorm(30, 0, 2), each = 4) + rnorm(120), 3), person = seizures$person, visit = seizures$visit, arm = seizures$arm)
write_json(list(
  models = list(
    glmCase("y ~ dose + arm", bin, "binomial"), glmCase("y ~ visit * arm", seizures, "poisson"), clmCase("y ~ temp + contact", w),
    glmmCase("y ~ dose + arm", bin, "binomial", "person"), glmmCase("y ~ period", herd, "binomial", "herd"),
    glmmCase("y ~ visit + arm", seizures, "poisson", "person"), ordinalCase("y ~ temp + contact", w, "judge")),
  gee = list(
    geeCase("y ~ age + smoke", oh, "binomial", "id0", "independence"), geeCase("y ~ age + smoke", oh, "binomial", "id0", "exchangeable"),
    geeCase("y ~ age * smoke", oh, "binomial", "id0", "ar1"), geeCase("y ~ visit + arm", seizures, "poisson", "person", "exchangeable"),
    geeCase("y ~ visit + arm", gap, "poisson", "person", "ar1", "visit"), geeCase("y ~ visit + arm", normal, "gaussian", "person", "exchangeable"))),
  commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)

# References for the repeated-measures model: nlme::gls fits, taken on by Newton steps on a likelihood written here on
# full matrices; Satterthwaite and Kenward-Roger from their papers on full matrices (checked against pbkrtest below).
#
#   Rscript mmrm.R references/mmrm.json
suppressPackageStartupMessages({ library(nlme); library(numDeriv); library(jsonlite); library(lme4); library(pbkrtest) })
options(contrasts = c("contr.treatment", "contr.poly"))
Sys.setlocale("LC_COLLATE", "C")

simulate <- function(seed, n, visits, dropout, single = 0, near = FALSE, sd = 1) {
  set.seed(seed)
  people <- sprintf("P%03d", seq_len(n))
  arm <- sample(rep(c("active", "placebo"), length.out = n))
  effect <- rnorm(n, 0, 3)
  baseline <- round(20 + effect + rnorm(n, 0, 2), 1)
  data <- do.call(rbind, lapply(seq_len(n), function(i) {
    noise <- as.numeric(arima.sim(list(ar = 0.6), visits)) * (1 + 0.2 * seq_len(visits)) * sd
    y <- 20 + effect[i] + 0.3 * (baseline[i] - 20) - seq_len(visits) * (0.6 + 0.5 * (arm[i] == "active")) + noise
    data.frame(participant = people[i], arm = arm[i], visit = sprintf("v%02d", seq_len(visits)), day = 7 * seq_len(visits),
               baseline = baseline[i], score = round(y, 3))
  }))
  if (near) data$baseline2 <- data$baseline + round(rnorm(nrow(data), 0, 0.001), 6)
  last <- setNames(ifelse(runif(n) < dropout, sample(seq_len(visits), n, TRUE), visits), people)
  at <- match(data$visit, sprintf("v%02d", seq_len(visits)))
  data <- data[at <= last[data$participant] & runif(nrow(data)) >= single, ]
  rownames(data) <- NULL
  data
}

# Sigma(theta) by structure, in the parameters of the package: elements where linear, log sd and correlation otherwise.
sigmas <- list(
  "unstructured" = list(gls = function() list(corSymm(form = ~ at | participant), TRUE), make = function(th, t) { s <- matrix(0, t, t); s[upper.tri(s, TRUE)] <- th; s[lower.tri(s)] <- t(s)[lower.tri(s)]; s }, take = function(s) s[upper.tri(s, TRUE)]),
  "compound-symmetry" = list(gls = function() list(corCompSymm(form = ~ at | participant), FALSE), make = function(th, t) { s <- matrix(th[2], t, t); diag(s) <- th[1]; s }, take = function(s) c(s[1, 1], s[2, 1])),
  "toeplitz" = list(gls = function() list(NULL, FALSE), make = function(th, t) toeplitz(th), take = function(s) s[1, ]),
  "heterogeneous-compound-symmetry" = list(gls = function() list(corCompSymm(form = ~ at | participant), TRUE), make = function(th, t) { r <- matrix(th[t + 1], t, t); diag(r) <- 1; r * outer(exp(th[1:t]), exp(th[1:t])) }, take = function(s) c(log(diag(s)) / 2, cov2cor(s)[2, 1])),
  "ar1" = list(gls = function() list(corAR1(form = ~ at | participant), FALSE), make = function(th, t) exp(2 * th[1]) * th[2]^abs(outer(1:t, 1:t, "-")), take = function(s) c(log(s[1, 1]) / 2, cov2cor(s)[2, 1])),
  "heterogeneous-ar1" = list(gls = function() list(corAR1(form = ~ at | participant), TRUE), make = function(th, t) th[t + 1]^abs(outer(1:t, 1:t, "-")) * outer(exp(th[1:t]), exp(th[1:t])), take = function(s) c(log(diag(s)) / 2, cov2cor(s)[2, 1])),
  "heterogeneous-toeplitz" = list(gls = function() list(NULL, TRUE), make = function(th, t) toeplitz(c(1, th[-(1:t)])) * outer(exp(th[1:t]), exp(th[1:t])), take = function(s) c(log(diag(s)) / 2, cov2cor(s)[1, -1])),
  "ante-dependence" = list(gls = function() list(NULL, TRUE), make = function(th, t) { rho <- th[-(1:t)]; r <- diag(t); for (i in 2:t) for (j in 1:(i - 1)) r[i, j] <- r[j, i] <- prod(rho[j:(i - 1)]); r * outer(exp(th[1:t]), exp(th[1:t])) }, take = function(s) c(log(diag(s)) / 2, cov2cor(s)[cbind(2:nrow(s), 1:(nrow(s) - 1))])),
  "spatial-exponential" = list(gls = function() list(corExp(form = ~ day | participant), FALSE), make = function(th, t, times) exp(2 * th[1]) * exp(-abs(outer(times, times, "-")) / exp(th[2])), take = function(s, times) c(log(s[1, 1]) / 2, log(-(times[2] - times[1]) / log(cov2cor(s)[2, 1])))))

fit <- function(formula, data, structure, method = "REML", group = NULL) {
  data$arm <- relevel(factor(data$arm), "placebo"); data$at <- as.integer(factor(data$visit))
  kind <- sigmas[[structure]]
  times <- sort(unique(data$day)); tt <- length(times)
  make <- if (structure == "spatial-exponential") function(th) kind$make(th, tt, times) else function(th) kind$make(th, tt)
  take <- if (structure == "spatial-exponential") function(s) kind$take(s, times) else kind$take
  x <- model.matrix(as.formula(formula), data); y <- data$score; p <- ncol(x); n <- nrow(x)
  by <- split(seq_len(n), data$participant)
  # A covariance of its own for every level of `group`: theta is then one stretch after the other.
  groupOf <- if (is.null(group)) rep(1, n) else as.integer(factor(as.character(data[[group]]), levels = sort(unique(as.character(data[[group]])), method = "radix")))
  G <- max(groupOf)
  stretch <- function(th, g) th[(g - 1) * length(th) / G + seq_len(length(th) / G)]
  parts <- function(th) {
    s <- lapply(seq_len(G), function(g) make(stretch(th, g)))
    k <- matrix(0, p, p); f <- numeric(p); ld <- 0; yy <- 0
    for (i in by) { v <- s[[groupOf[i[1]]]][data$at[i], data$at[i], drop = FALSE]; r <- tryCatch(chol(v), error = function(e) NULL); if (is.null(r)) return(NULL)
      xi <- backsolve(r, x[i, , drop = FALSE], transpose = TRUE); yi <- backsolve(r, y[i], transpose = TRUE)
      k <- k + crossprod(xi); f <- f + crossprod(xi, yi); yy <- yy + sum(yi^2); ld <- ld + 2 * sum(log(diag(r))) }
    b <- solve(k, f); list(k = k, b = b, ld = ld, rss = yy - sum(b * f))
  }
  dev <- function(th) { o <- parts(th); if (is.null(o)) return(1e10)
    o$ld + o$rss + (if (method == "REML") as.numeric(determinant(o$k)$modulus) + (n - p) * log(2 * pi) else n * log(2 * pi)) }
  g <- kind$gls(); start <- diag(tt) * summary(lm(y ~ x - 1))$sigma^2; glsLik <- NA
  arguments <- list(as.formula(formula), data = data, method = method, control = glsControl(tolerance = 1e-10, msTol = 1e-12, maxIter = 300, msMaxIter = 500))
  if (!is.null(g[[1]])) arguments$correlation <- g[[1]]
  if (g[[2]]) arguments$weights <- varIdent(form = ~ 1 | at)
  m <- tryCatch(do.call(gls, arguments), error = function(e) NULL)
  if (!is.null(m)) {
    if (!is.null(g[[1]])) glsLik <- as.numeric(logLik(m))
    sd <- rep(sigma(m), tt)
    if (g[[2]]) { w <- coef(m$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE); sd <- sigma(m) * as.numeric(w[as.character(1:tt)]) }
    r <- diag(tt)
    if (!is.null(g[[1]])) r <- cov2cor(if (inherits(m$modelStruct$corStruct, "corExp")) exp(-as.matrix(dist(times)) / coef(m$modelStruct$corStruct, unconstrained = FALSE)) else { whole <- names(which.max(table(data$participant))); corMatrix(m$modelStruct$corStruct)[[whole]] })
    if (nrow(r) == tt) start <- r * outer(sd, sd)
  }
  th <- as.numeric(take(start))
  th[!is.finite(th)] <- log(tt)
  th <- rep(th, G)
  # The gradient on full matrices: tr(P V_a) - y'P V_a P y; its numerical Jacobian is the Hessian.
  slope <- function(th) {
    o <- parts(th); s <- lapply(seq_len(G), function(g) make(stretch(th, g))); phi <- solve(o$k); total <- lapply(seq_len(G), function(g) matrix(0, tt, tt))
    for (i in by) { at <- data$at[i]; g <- groupOf[i[1]]; w <- solve(s[[g]][at, at, drop = FALSE]); xi <- x[i, , drop = FALSE]; e <- w %*% (y[i] - xi %*% o$b)
      total[[g]][at, at] <- total[[g]][at, at] + w - tcrossprod(e) - (if (method == "REML") w %*% xi %*% phi %*% t(xi) %*% w else 0) }
    unlist(lapply(seq_len(G), function(g) as.numeric(crossprod(jacobian(function(t) as.numeric(make(t)), stretch(th, g)), as.numeric(total[[g]])))))
  }
  o <- nlminb(th, dev, slope, control = list(iter.max = 500, eval.max = 1000, rel.tol = 1e-14)); th <- o$par
  for (i in 1:8) { d <- solve(jacobian(slope, th), slope(th)); while (is.null(parts(th - d))) d <- d / 2; th <- th - d; if (max(abs(d) / (abs(th) + 1e-3)) < 1e-11) break }
  h <- jacobian(slope, th); h <- (h + t(h)) / 2; o <- parts(th); phi <- solve(o$k); m_ <- length(th)
  covth <- 2 * solve(h)
  jac <- jacobian(function(t) as.numeric(solve(parts(t)$k)), th)
  satt <- sapply(seq_len(p), function(j) { gr <- jac[(j - 1) * p + j, ]; 2 * phi[j, j]^2 / as.numeric(t(gr) %*% covth %*% gr) })
  kr <- NULL
  if (method == "REML") {
    s <- lapply(seq_len(G), function(g) make(stretch(th, g))); m1 <- m_ / G; own <- rep(seq_len(G), each = m1)
    js <- do.call(cbind, lapply(seq_len(G), function(g) jacobian(function(t) as.numeric(make(t)), stretch(th, g))))
    slopes <- lapply(seq_len(m_), function(a) matrix(js[, a], tt))
    second <- lapply(seq_len(tt * tt), function(cell) if (structure %in% c("unstructured", "compound-symmetry", "toeplitz")) matrix(0, m_, m_) else { whole <- matrix(0, m_, m_); for (g in seq_len(G)) { h1 <- (g - 1) * m1 + seq_len(m1); whole[h1, h1] <- hessian(function(t) as.numeric(make(t))[cell], stretch(th, g)) }; whole })
    P <- replicate(m_, matrix(0, p, p), FALSE); Q <- array(list(), c(m_, m_)); R <- array(list(), c(m_, m_)); tr <- matrix(0, m_, m_)
    for (a in 1:m_) for (b in 1:m_) { Q[[a, b]] <- matrix(0, p, p); R[[a, b]] <- matrix(0, p, p) }
    for (i in by) { at <- data$at[i]; g <- groupOf[i[1]]; w <- solve(s[[g]][at, at, drop = FALSE]); xi <- x[i, , drop = FALSE]; wx <- w %*% xi
      va <- lapply(seq_len(m_), function(a) slopes[[a]][at, at, drop = FALSE] * (own[a] == g))
      for (a in 1:m_) { P[[a]] <- P[[a]] - t(wx) %*% va[[a]] %*% wx
        for (b in 1:m_) { Q[[a, b]] <- Q[[a, b]] + t(wx) %*% va[[a]] %*% w %*% va[[b]] %*% wx
          vab <- matrix(sapply(second, function(q) q[a, b]), tt)[at, at, drop = FALSE] * (own[a] == g && own[b] == g)
          R[[a, b]] <- R[[a, b]] + t(wx) %*% vab %*% wx
          tr[a, b] <- tr[a, b] + sum(diag(w %*% va[[a]] %*% w %*% va[[b]])) } } }
    ie <- matrix(0, m_, m_)
    for (a in 1:m_) for (b in 1:m_) ie[a, b] <- tr[a, b] - 2 * sum(diag(phi %*% Q[[a, b]])) + sum(diag(phi %*% P[[a]] %*% phi %*% P[[b]]))
    om <- 2 * solve(ie); inner <- matrix(0, p, p); linear <- matrix(0, p, p)
    for (a in 1:m_) for (b in 1:m_) { linear <- linear + om[a, b] * (Q[[a, b]] - P[[a]] %*% phi %*% P[[b]]); inner <- inner - om[a, b] * R[[a, b]] / 4 }
    krdf <- sapply(seq_len(p), function(j) { pj <- sapply(P, function(q) (phi %*% q %*% phi)[j, j]); 2 * phi[j, j]^2 / as.numeric(t(pj) %*% om %*% pj) })
    kr <- list(df = krdf, standardError = sqrt(diag(phi + 2 * phi %*% (linear + inner) %*% phi)), linearStandardError = sqrt(diag(phi + 2 * phi %*% linear %*% phi)))
  }
  list(formula = formula, structure = structure, method = method, group = if (is.null(group)) NA else group, names = colnames(x), estimate = as.numeric(o$b), standardError = sqrt(diag(unname(phi))),
       logLikelihood = -dev(th) / 2, glsLogLikelihood = if (is.null(group)) glsLik else NA, covariance = lapply(seq_len(G), function(g) make(stretch(th, g))), df = satt, kenwardRoger = kr)
}

arms <- "score ~ baseline + arm * visit"; full <- "score ~ baseline * visit + arm * visit"
sets <- list(
  list(name = "balanced", data = simulate(1, 40, 4, 0), fits = list(list(full, "unstructured"), list(arms, "compound-symmetry"), list(arms, "ar1"), list(arms, "toeplitz"))),
  list(name = "dropout", data = simulate(2, 80, 5, 0.3), fits = list(list(full, "unstructured"), list(arms, "unstructured", "ML"), list(arms, "heterogeneous-ar1"), list(arms, "heterogeneous-compound-symmetry"), list(arms, "ante-dependence"), list(arms, "heterogeneous-toeplitz"), list(arms, "spatial-exponential"),
    list(arms, "unstructured", "REML", "arm"), list(arms, "heterogeneous-ar1", "REML", "arm"), list(arms, "toeplitz", "ML", "arm"))),
  list(name = "heavy", data = simulate(3, 90, 4, 0.7, 0.1), fits = list(list(arms, "unstructured"), list(arms, "compound-symmetry", "ML"), list(arms, "toeplitz"), list(arms, "ar1", "ML"))),
  list(name = "two visits", data = simulate(4, 30, 2, 0.2), fits = list(list(full, "unstructured"), list(arms, "heterogeneous-compound-symmetry"))),
  list(name = "near-collinear", data = simulate(5, 60, 3, 0.2, 0.05, TRUE), fits = list(list("score ~ baseline + baseline2 + arm * visit", "unstructured"), list("score ~ baseline + baseline2 + arm * visit", "heterogeneous-ar1"))),
  list(name = "small", data = simulate(6, 16, 3, 0.3), fits = list(list("score ~ arm + visit", "unstructured"), list("score ~ arm + visit", "compound-symmetry"), list("score ~ arm + visit", "ante-dependence"), list("score ~ arm + visit", "compound-symmetry", "REML", "arm"))),
  list(name = "intermittent", data = simulate(7, 100, 4, 0.2, 0.15, FALSE, 40), fits = list(list(arms, "unstructured"), list("score ~ arm * day", "spatial-exponential"), list(arms, "heterogeneous-toeplitz", "ML"))))
made <- parallel::mclapply(sets, mc.cores = 2, function(set) { cat(set$name, "\n"); list(name = set$name, data = as.list(set$data), fits = lapply(set$fits, function(f) { cat(" ", f[[2]], "\n"); do.call(fit, c(list(f[[1]], set$data), f[-1])) })) })
# The matrices above beside pbkrtest, where a random intercept is a compound symmetry with positive covariance.
check <- simulate(1, 40, 4, 0); check$arm <- relevel(factor(check$arm), "placebo")
peer <- vcovAdj(lmer(score ~ baseline + arm * visit + (1 | participant), check, control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12))))
stopifnot(max(abs(sqrt(diag(as.matrix(peer))) / made[[1]]$fits[[2]]$kenwardRoger$standardError - 1)) < 1e-5)
writeLines(toJSON(list(r = R.version.string, nlme = as.character(packageVersion("nlme")), sets = made), digits = 15, auto_unbox = TRUE, na = "null", null = "null", matrix = "rowmajor"), commandArgs(trailingOnly = TRUE)[1])

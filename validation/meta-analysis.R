# References for meta-analysis: R, metafor. The trials of the BCG vaccine are metafor's own public example (dat.bcg).
#
#   Rscript meta-analysis.R references/meta-analysis.json
suppressPackageStartupMessages({
  library(jsonlite)
  library(metafor)
})
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
few <- data.frame(yi = c(0.1, 0.35, -0.2, 0.6), vi = c(0.04, 0.02, 0.09, 0.05))
same <- data.frame(yi = c(0.21, 0.2, 0.19, 0.22, 0.2), vi = c(0.04, 0.02, 0.09, 0.05, 0.03))
control <- list(threshold = 1e-14, maxiter = 10000, tol = 1e-14)
fit <- function(data, method, test, mods = NULL) {
  m <- if (is.null(mods)) rma(yi, vi, data = data, method = method, test = test, control = control)
       else rma(yi, vi, mods = as.formula(paste("~", mods)), data = data, method = method, test = test, control = control)
  t <- suppressWarnings(tryCatch(confint(m, control = list(tol = 1e-12, tau2.max = 1e4))$random["tau^2", ], error = function(e) c(NA, NA, NA)))
  out <- list(effects = data.frame(estimate = as.numeric(data$yi), se = sqrt(as.numeric(data$vi))), method = method, test = test,
              estimate = as.numeric(m$beta), error = m$se, p = m$pval, lower = m$ci.lb, upper = m$ci.ub,
              tau2 = m$tau2, tauLower = unname(t[2]), tauUpper = unname(t[3]), q = m$QE, qp = m$QEp, i2 = m$I2, h2 = m$H2)
  if (is.null(mods)) {
    # t with k - 2 degrees, as Higgins, Thompson & Spiegelhalter (2009) have it; this version of metafor takes k - 1 or z.
    out$prediction <- as.numeric(m$beta) + c(-1, 1) * qt(0.975, m$k - 2) * sqrt(m$tau2 + m$se^2)
    e <- regtest(m, model = "lm", predictor = "sei")
    s <- summary(lm(yi ~ sqrt(vi), weights = 1 / vi, data = data))$coefficients
    out$egger <- list(slope = s[2, 1], error = s[2, 2], p = unname(e$pval))
  } else out$moderator <- list(name = mods, values = data[[mods]])
  out
}
fits <- list()
for (method in c("REML", "DL", "PM")) for (test in c("knha", "z")) {
  fits <- c(fits, list(fit(bcg, method, test), fit(few, method, test), fit(same, method, test), fit(bcg, method, test, "ablat")))
}
without <- leave1out(rma(yi, vi, data = bcg, method = "REML", test = "knha", control = control))
write_json(list(fits = fits, without = list(estimate = without$estimate, error = without$se, tau2 = without$tau2)),
           commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)

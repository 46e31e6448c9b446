# References for probabilities of the multivariate normal and t distributions: R and mvtnorm. Two and three variables by
# deterministic quadrature (TVPACK), normals of more by Miwa's, t of more by lattices of many points.
#
#   Rscript multivariate.R references/multivariate.json
suppressPackageStartupMessages({
  library(jsonlite)
  library(mvtnorm)
})
equal <- function(k, r) { m <- matrix(r, k, k); diag(m) <- 1; m }
ar1 <- function(k, r) r^abs(outer(1:k, 1:k, "-"))
uneven <- matrix(c(1, 0.6, -0.3, 0.6, 1, 0.1, -0.3, 0.1, 1), 3)
boxes <- list(
  list(upper = c(0, 0), corr = equal(2, 0.5)), list(upper = c(-4, -5), corr = equal(2, 0.7)), list(upper = c(-2, 1.5), corr = equal(2, -0.8)),
  list(upper = c(1, 0.5, -0.2), corr = uneven), list(upper = c(-3, -3, -3), corr = equal(3, 0.4)), list(upper = c(2, 2, 2), corr = ar1(3, 0.9)),
  list(upper = c(0.3, 1.1, 0.8, 2), corr = ar1(4, 0.6)), list(upper = rep(-2, 5), corr = equal(5, 0.5)), list(upper = rep(2.5, 6), corr = ar1(6, 0.5)))
exact <- function(b, df) {
  k <- length(b$upper)
  if (k <= 3) return(if (df == 0) pmvnorm(upper = b$upper, corr = b$corr, algorithm = TVPACK(1e-14)) else pmvt(upper = b$upper, corr = b$corr, df = df, algorithm = TVPACK(1e-14)))
  if (df == 0) return(pmvnorm(upper = b$upper, corr = b$corr, algorithm = Miwa(4000)))
  set.seed(1); pmvt(upper = b$upper, corr = b$corr, df = df, algorithm = GenzBretz(2e7, 1e-9, 1e-7))
}
rows <- do.call(c, lapply(boxes, function(b) lapply(c(0, 5, 30), function(df) {
  p <- exact(b, df)
  list(upper = b$upper, correlation = b$corr, df = df, probability = as.numeric(p), error = as.numeric(attr(p, "error")))
})))
write_json(rows, commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)

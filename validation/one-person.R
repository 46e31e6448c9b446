# References for the course of one person with autocorrelated errors: R and nlme::gls with corCAR1.
#
#   Rscript one-person.R references/one-person.json
suppressPackageStartupMessages({library(nlme); library(jsonlite)})
set.seed(3)
sets <- list(
  list(name="regular", t=0:39, y=as.numeric(10+0.2*(0:39)+arima.sim(list(ar=0.6),40))),
  list(name="gaps", t=c(0,1,2,5,6,9,10,11,14,15,20,21,22,23,28,30,31,33,36,40), y=NA),
  list(name="lake huron", t=1:98, y=as.numeric(LakeHuron)))
sets[[2]]$y <- with(sets[[2]], { e <- numeric(length(t)); e[1] <- rnorm(1); for(i in 2:length(t)){p<-0.8^(t[i]-t[i-1]); e[i]<-p*e[i-1]+sqrt(1-p^2)*rnorm(1)}; 5-0.1*t+e })
# nlme's own search stops a few millionths short of the top, so it is searched for over models with a fixed correlation.
fixed <- function(d, phi, m) gls(y ~ t, d, correlation = corCAR1(phi, form = ~t, fixed = TRUE), method = m)
out <- lapply(sets, function(s) {
  d <- data.frame(t = s$t, y = s$y)
  lapply(c("REML", "ML"), function(m) {
    own <- gls(y ~ t, d, correlation = corCAR1(form = ~t), method = m)
    near <- as.numeric(coef(own$modelStruct$corStruct, unconstrained = FALSE))
    top <- optimize(function(p) as.numeric(logLik(fixed(d, p, m))), near + c(-0.02, 0.02), maximum = TRUE, tol = 1e-10)$maximum
    f <- fixed(d, top, m)
    k <- summary(f)$tTable
    list(name = s$name, method = m, t = s$t, y = s$y, estimate = unname(k[, 1]), error = unname(k[, 2]), phi = top, sigma = f$sigma, logLik = as.numeric(logLik(f)))
  })
})
write_json(unlist(out, recursive = FALSE), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)

# One peer on one file: Rscript peers.R <peer> <csv> <times>; prints the median seconds and the log likelihood.
a <- commandArgs(trailingOnly = TRUE); peer <- a[1]; times <- as.integer(a[3])
package <- c(gls = "nlme", glmmTMB = "glmmTMB", lmer = "lme4")[[peer]]
if (!requireNamespace(package, quietly = TRUE)) { cat("absent\n"); quit(status = 0) }
suppressPackageStartupMessages(library(package, character.only = TRUE))
data <- read.csv(a[2], stringsAsFactors = TRUE); data$at <- if (!is.null(data$visit)) as.integer(data$visit)
run <- switch(peer,
  gls = function() gls(score ~ baseline * visit + arm * visit, data, correlation = corSymm(form = ~ at | participant), weights = varIdent(form = ~ 1 | visit), control = glsControl(msMaxIter = 500, maxIter = 200)),
  glmmTMB = function() suppressWarnings(glmmTMB(score ~ baseline * visit + arm * visit + us(visit + 0 | participant), data, dispformula = ~ 0, REML = TRUE)),
  lmer = function() suppressWarnings(lmer(score ~ day + (1 + day | participant), data)))
seconds <- sapply(seq_len(times), function(i) { t <- system.time(m <<- run())[["elapsed"]]; t })
cat(median(seconds), format(as.numeric(logLik(m)), digits = 15), "\n")

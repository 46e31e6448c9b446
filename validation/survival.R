# References for time to an event: R, survival. Its public data sets lung and colon have ties and censoring.
#
#   Rscript survival.R references/survival.json
suppressPackageStartupMessages({
  library(jsonlite)
  library(survival)
})
options(contrasts = c("contr.treatment", "contr.poly"))
d <- lung[complete.cases(lung[, c("time", "status", "age", "sex", "ph.ecog")]), ]
lungs <- data.frame(days = d$time, event = d$status - 1, age = d$age, sex = ifelse(d$sex == 1, "m", "w"), ecog = paste0("e", d$ph.ecog))
tied <- data.frame(days = c(1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6), event = c(1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0),
                   arm = c("a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b"))
cox <- function(formula, data) {
  m <- coxph(as.formula(paste("Surv(days, event) ~", formula)), data = data, ties = "efron",
             control = coxph.control(eps = 1e-14, iter.max = 100))
  s <- summary(m)$coefficients
  list(formula = paste("days ~", formula), data = as.list(data), terms = names(coef(m)), estimate = unname(coef(m)),
       error = unname(s[, "se(coef)"]), p = unname(s[, "Pr(>|z|)"]), logLikelihood = m$loglik)
}
km <- function(data) {
  s <- survfit(Surv(days, event) ~ 1, data = data, conf.type = "log-log")
  q <- quantile(s, 0.5)
  list(data = as.list(data[, c("days", "event")]), time = s$time, atRisk = s$n.risk, events = s$n.event, survival = s$surv,
       error = s$std.err * s$surv, lower = ifelse(is.na(s$lower), s$surv, s$lower), upper = ifelse(is.na(s$upper), s$surv, s$upper),
       median = c(unname(q$quantile), unname(q$lower), unname(q$upper)))
}
rank <- function(data, group) {
  t <- survdiff(as.formula(paste("Surv(days, event) ~", group)), data = data)
  list(data = as.list(data), group = group, observed = t$obs, expected = t$exp, chiSquare = t$chisq, df = length(t$n) - 1)
}
write_json(list(cox = list(cox("sex + age", lungs), cox("ecog + sex", lungs), cox("arm", tied)), km = list(km(lungs), km(tied)),
                rank = list(rank(lungs, "sex"), rank(lungs, "ecog"), rank(tied, "arm"))),
           commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE, na = "null")

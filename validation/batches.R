# References for packages/pharmacology: distributions, exact intervals, panels, two one-sided tests, shelf life, mean
# kinetic temperature, and the dose of a capsule by simulation. Base R only.
#
#   Rscript batches.R references/batches.json

target <- commandArgs(trailingOnly = TRUE)[1]
number <- function(x) ifelse(is.infinite(x), "null", formatC(x, digits = 15, format = "g", flag = "#"))
plain <- function(x) sub("\\.$", ".0", number(x))
vector_of <- function(x) paste0("[", paste(plain(x), collapse = ", "), "]")
object <- function(...) {
  parts <- list(...)
  paste0("{", paste0('"', names(parts), '": ', unlist(parts), collapse = ", "), "}")
}
listed <- function(x) paste0("[\n    ", paste(x, collapse = ",\n    "), "\n  ]")

# Student's t, and the normal.
students <- c()
for (df in c(1, 1.5, 2, 3.7, 9, 29, 58.3, 400)) for (p in c(0.95, 0.975, 0.999))
  students <- c(students, object(degrees = plain(df), p = plain(p), t = plain(qt(p, df)), below = plain(pt(1.3, df))))
zs <- c(-9, -4.2, -3.000001, -2.999999, -0.3, 0, 1e-6, 1.959963984540054, 3, 6.5)
normals <- object(z = vector_of(zs), below = vector_of(pnorm(zs)))

# Clopper-Pearson by binom.test, and what a panel finds by the binomial.
panel_of <- function(n) {
  fails <- sapply(0:n, function(k) { ci <- binom.test(k, n)$conf.int; ci[1] > 0.5 || ci[2] < 0.5 })
  chance <- function(rate) sum(dbinom((0:n)[fails], n, rate))
  found <- function(power) uniroot(function(r) chance(r) - power, c(0.5, 1), tol = 1e-14)$root
  ks <- c(0, round(n / 3), round(n * 0.7), round(n * 0.75), n)
  intervals <- sapply(ks, function(k) object(correct = k, lower = plain(binom.test(k, n)$conf.int[1]),
                                             upper = plain(binom.test(k, n)$conf.int[2])))
  object(people = n, falseAlarm = plain(chance(0.5)), at70 = plain(chance(0.7)), found80 = plain(found(0.8)),
         found95 = plain(found(0.95)), intervals = paste0("[", paste(intervals, collapse = ", "), "]"))
}
panels <- sapply(c(6, 12, 20, 50), panel_of)

# Two one-sided t tests with unequal variances.
active <- c(0.412, 0.405, 0.398, 0.420, 0.407, 0.411, 0.402, 0.409, 0.415, 0.400, 0.406, 0.413)
placebo <- c(0.401, 0.408, 0.396, 0.404, 0.410, 0.399, 0.403, 0.407, 0.395, 0.405)
margin <- 0.012
low <- t.test(active, placebo, mu = -margin, alternative = "greater")
high <- t.test(active, placebo, mu = margin, alternative = "less")
ninety <- t.test(active, placebo, conf.level = 0.90)$conf.int
scale <- function(x) floor(x / 0.01 + 0.5)
auc <- mean(outer(scale(active), scale(placebo), function(a, b) (a > b) + (a == b) / 2))
readings <- union(scale(active), scale(placebo))
overlap <- sum(sapply(readings, function(v) min(mean(scale(active) == v), mean(scale(placebo) == v))))
fourteen <- 14 * (mean(active) - mean(placebo)) / sqrt(14 * (var(active) + var(placebo)) + 2 * 0.01^2 / 12)
tost <- object(activeGrams = vector_of(active), placeboGrams = vector_of(placebo), marginGrams = plain(margin),
               pValue = plain(max(low$p.value, high$p.value)), lower = plain(ninety[1]), upper = plain(ninety[2]),
               auc = plain(auc), overlap = plain(overlap), together = plain(pnorm(fourteen)))

# Shelf life: the one-sided 95 % limit of the mean by predict(lm), its crossing by uniroot.
months <- c(0, 3, 6, 9, 12, 18, 24)
lives <- sapply(list(c(100.4, 99.6, 98.9, 98.6, 97.6, 96.3, 95.2), c(102.1, 98.7, 99.9, 96.0, 97.3, 93.8, 94.1)),
  function(content) {
    fit <- lm(content ~ months)
    limit <- function(at) predict(fit, data.frame(months = at), interval = "confidence", level = 0.90)[, "lwr"]
    at <- uniroot(function(x) limit(x) - 90, c(0, 500), tol = 1e-12)$root
    object(months = vector_of(months), percent = vector_of(content), intercept = plain(coef(fit)[1]),
           slope = plain(coef(fit)[2]), residualSd = plain(summary(fit)$sigma), crossesAtMonths = plain(at))
  })

# Mean kinetic temperature, the pharmacopoeia's formula on evenly spaced readings.
kinetic <- function(celsius) 10000 / -log(mean(exp(-10000 / (celsius + 273.15)))) - 273.15
weeks <- list(c(20, 30), c(19.5, 21, 24.5, 23, 22, 38, 21, 20.5), rep(5, 4))
temperatures <- sapply(weeks, function(celsius) object(celsius = vector_of(celsius), kinetic = plain(kinetic(celsius))))

# The next capsule by simulation: content of one capsule and fill weight, both log-normal, a million times.
set.seed(20260115)
simulated <- sapply(list(c(0.08, 0.03), c(0.30, 0.10), c(0.02, 0.05)), function(cv) {
  draw <- function(mean, cv) exp(rnorm(1e6, log(mean) - log(1 + cv^2) / 2, sqrt(log(1 + cv^2))))
  dose <- draw(8, cv[1]) * draw(0.2, cv[2])
  object(contentCv = plain(cv[1]), weightCv = plain(cv[2]), mean = plain(mean(dose)), cv = plain(sd(dose) / mean(dose)),
         lower = plain(quantile(dose, 0.025)), upper = plain(quantile(dose, 0.975)))
})

writeLines(c("{", paste0('  "students": ', listed(students), ","), paste0('  "normals": ', normals, ","),
             paste0('  "panels": ', listed(panels), ","), paste0('  "weights": ', tost, ","),
             paste0('  "shelfLives": ', listed(lives), ","), paste0('  "temperatures": ', listed(temperatures), ","),
             paste0('  "doses": ', listed(simulated)), "}"), target)

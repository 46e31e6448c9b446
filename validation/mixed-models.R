# References for linear mixed models: lme4 and lmerTest on public and on generated data.
#
#   Rscript mixed-models.R references/mixed-models.json
#
# lme4's optimiser stops where its own tolerance lets it (theta to four to six digits). To compare more digits than that,
# each fit is taken on by Newton steps on lme4's own deviance function until its gradient is gone; the model is
# then built by lme4 at that theta and tested by lmerTest. What lme4 alone arrives at is kept as `lme4Criterion`.
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(numDeriv)
  library(jsonlite)
})
options(contrasts = c("contr.treatment", "contr.poly"))
Sys.setlocale("LC_COLLATE", "C")

control <- lmerControl(optimizer = "nloptwrap", check.conv.singular = "ignore", check.conv.grad = "ignore",
                       check.conv.hess = "ignore",
                       optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12, maxeval = 100000))

polish <- function(devfun, theta, lower) {
  # A parameter on its bound stays there, exactly; the others are free.
  held <- lower == 0 & theta < 1e-5
  theta[held] <- 0
  if (all(held)) return(theta)
  whole <- function(free) replace(theta, !held, free)
  part <- function(free) devfun(whole(free))
  for (step in 1:8) {
    free <- theta[!held]
    move <- solve(numDeriv::hessian(part, free), numDeriv::grad(part, free))
    if (!all(is.finite(move)) || max(abs(move)) > 1e-2) break
    theta <- whole(free - move)
    if (max(abs(move)) < 1e-10) break
  }
  theta
}

fit <- function(formula, data, reference = list(), method = "REML") {
  for (name in names(data)) if (is.character(data[[name]])) data[[name]] <- factor(data[[name]], levels = sort(unique(data[[name]]), method = "radix"))
  for (name in names(reference)) data[[name]] <- relevel(data[[name]], ref = reference[[name]])
  # Held as a column of this call so that lmerTest can evaluate the model's call again.
  assign("modelData", data, envir = globalenv())
  text <- formula
  call <- bquote(lme4::lmer(.(as.formula(text, env = globalenv())), data = modelData, REML = .(method == "REML"), control = control))
  plain <- suppressWarnings(suppressMessages(eval(call)))
  devfun <- suppressWarnings(suppressMessages(update(plain, devFunOnly = TRUE)))
  theta <- polish(devfun, getME(plain, "theta"), getME(plain, "lower"))
  best <- devfun(theta)
  parts <- lFormula(as.formula(text, env = globalenv()), data = data, REML = method == "REML", control = control)
  model <- mkMerMod(environment(devfun), list(par = theta, fval = best, conv = 0, message = ""), parts$reTrms, fr = parts$fr, mc = plain@call)
  tested <- suppressWarnings(suppressMessages(lmerTest:::as_lmerModLmerTest(model)))
  table <- coef(summary(tested))
  interval <- qt(0.975, table[, "df"]) * table[, "Std. Error"]
  vc <- as.data.frame(VarCorr(tested), order = "lower.tri")
  random <- ranef(tested, condVar = FALSE)[[1]]
  list(
    formula = text, reference = reference, method = method,
    rows = nobs(tested), groups = unname(ngrps(tested)[1]),
    terms = lapply(seq_len(nrow(table)), function(i) list(
      term = rownames(table)[i], estimate = table[i, "Estimate"], standardError = table[i, "Std. Error"],
      df = table[i, "df"], t = table[i, "t value"], p = table[i, "Pr(>|t|)"],
      lower = table[i, "Estimate"] - interval[i], upper = table[i, "Estimate"] + interval[i])),
    covariance = unname(as.matrix(vcov(tested))),
    theta = unname(getME(tested, "theta")),
    randomCovariance = { v <- VarCorr(tested)[[1]]; matrix(as.numeric(v), nrow(v)) },
    randomNames = colnames(random),
    residualVariance = sigma(tested)^2,
    criterion = best,
    lme4Criterion = if (method == "REML") REMLcrit(plain) else -2 * as.numeric(logLik(plain)),
    logLikelihood = as.numeric(logLik(tested)), aic = AIC(tested), bic = BIC(tested),
    singular = isSingular(tested),
    groupEffects = list(levels = rownames(random), effects = unname(as.matrix(random)))
  )
}

as_columns <- function(data) lapply(as.list(data), function(column) if (is.factor(column)) as.character(column) else column)

# --- generated data -------------------------------------------------------------------------------------------------
set.seed(20210302)
visits <- expand.grid(week = 0:7, participant = sprintf("P%03d", 1:60), stringsAsFactors = FALSE)
visits$arm <- ifelse(as.integer(sub("P", "", visits$participant)) %% 2 == 0, "active", "placebo")
visits$site <- c("north", "south", "west")[as.integer(sub("P", "", visits$participant)) %% 3 + 1]
person <- function(sd) rnorm(60, 0, sd)[as.integer(sub("P", "", visits$participant))]
baseline <- person(6)
slope <- person(0.9) + 0.05 * baseline
visits$baseline <- round(20 + 0.6 * baseline + person(3), 1)
visits$score <- round(20 + baseline + (slope - 0.8 - 0.5 * (visits$arm == "active")) * visits$week + rnorm(nrow(visits), 0, 2.5), 2)
# Dropout that grows with time, and single answers missing.
keep <- runif(nrow(visits)) > 0.04 * visits$week
visits <- visits[keep, ]
visits$score[sample(nrow(visits), 12)] <- NA
visits$baseline[visits$participant == "P017"] <- NA
rownames(visits) <- NULL

# A slope that does not vary between people: the correlation goes to the boundary or the variance to zero.
flat <- expand.grid(day = 1:5, person = sprintf("q%02d", 1:20), stringsAsFactors = FALSE)
flat$y <- round(10 + rnorm(20, 0, 3)[as.integer(sub("q", "", flat$person))] + 0.4 * flat$day + rnorm(nrow(flat), 0, 1.5), 3)

data("sleepstudy", package = "lme4"); data("Dyestuff", package = "lme4"); data("Dyestuff2", package = "lme4")
ortho <- as.data.frame(nlme::Orthodont); ortho$Subject <- as.character(ortho$Subject); ortho$Sex <- as.character(ortho$Sex)
machines <- as.data.frame(nlme::Machines); machines$Worker <- as.character(machines$Worker); machines$Machine <- as.character(machines$Machine)
machines <- machines[-c(2, 3, 6, 25, 30, 31, 44), ]
chick <- as.data.frame(ChickWeight); chick$Chick <- as.character(chick$Chick); chick$Diet <- as.character(chick$Diet)
sleep <- sleepstudy; sleep$Subject <- as.character(sleep$Subject)
dye <- Dyestuff; dye$Batch <- as.character(dye$Batch)
dye2 <- Dyestuff2; dye2$Batch <- as.character(dye2$Batch)

sets <- list(
  list(name = "sleepstudy", source = "lme4::sleepstudy (Belenky et al. 2003)", data = sleep, models = list(
    list("Reaction ~ Days + (1 + Days | Subject)"),
    list("Reaction ~ Days + (1 + Days | Subject)", method = "ML"),
    list("Reaction ~ Days + (1 | Subject)"),
    list("Reaction ~ Days + (0 + Days | Subject)"),
    list("Reaction ~ 1 + (1 | Subject)"))),
  list(name = "Dyestuff", source = "lme4::Dyestuff (Davies & Goldsmith 1972)", data = dye, models = list(
    list("Yield ~ 1 + (1 | Batch)"), list("Yield ~ 1 + (1 | Batch)", method = "ML"))),
  list(name = "Dyestuff2", source = "lme4::Dyestuff2 (Box & Tiao 1973); the variance is zero", data = dye2, models = list(
    list("Yield ~ 1 + (1 | Batch)"))),
  list(name = "Orthodont", source = "nlme::Orthodont (Potthoff & Roy 1964)", data = ortho, models = list(
    list("distance ~ age * Sex + (1 | Subject)", reference = list(Sex = "Female")),
    list("distance ~ age * Sex + (1 + age | Subject)", reference = list(Sex = "Male")),
    list("distance ~ age:Sex + (1 | Subject)"),
    list("distance ~ 0 + Sex + age:Sex + (1 | Subject)", method = "ML"))),
  list(name = "Machines", source = "nlme::Machines (Milliken & Johnson 1992), seven rows taken out", data = machines, models = list(
    list("score ~ Machine + (1 + Machine | Worker)"),
    list("score ~ Machine + (0 + Machine | Worker)"),
    list("score ~ Machine + (1 | Worker)", reference = list(Machine = "C")))),
  list(name = "ChickWeight", source = "datasets::ChickWeight (Crowder & Hand 1990)", data = chick, models = list(
    list("weight ~ Time * Diet + (1 + Time | Chick)"),
    list("weight ~ Time * Diet + (1 | Chick)", method = "ML"))),
  list(name = "visits", source = "generated by this script: unbalanced, dropout, missing answers", data = visits, models = list(
    list("score ~ week * arm + baseline + (1 + week | participant)", reference = list(arm = "placebo")),
    list("score ~ week * arm + baseline + (1 | participant)", reference = list(arm = "placebo")),
    list("score ~ week + arm * site + (1 | participant)", reference = list(arm = "placebo", site = "west")),
    list("score ~ 0 + week + site:arm + (1 + week | participant)", method = "ML"))),
  list(name = "flat", source = "generated by this script: a slope that does not vary", data = flat, models = list(
    list("y ~ day + (1 + day | person)")))
)

made <- lapply(sets, function(set) list(name = set$name, source = set$source, data = as_columns(set$data),
  models = lapply(set$models, function(m) do.call(fit, c(list(m[[1]], set$data), m[-1])))))
versions <- sapply(c("lme4", "lmerTest", "numDeriv"), function(p) as.character(packageVersion(p)))
arguments <- commandArgs(trailingOnly = TRUE)
writeLines(toJSON(list(r = R.version.string, packages = as.list(versions), sets = made),
                  digits = 16, auto_unbox = TRUE, na = "null", null = "list", matrix = "rowmajor"), arguments[1])

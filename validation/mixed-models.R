# References for linear mixed models: lme4, lmerTest and pbkrtest on public and on generated data.
#
#   Rscript mixed-models.R references/mixed-models.json
#
# lme4's optimiser stops where its own tolerance lets it (theta to four to six digits). To compare more digits than that,
# each fit is taken on by Newton steps on lme4's own deviance function until its gradient is gone; the model is
# then built by lme4 at that theta and tested by lmerTest. What lme4 alone arrives at is kept as `lme4Criterion`.
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(pbkrtest)
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

# Kenward-Roger by pbkrtest at the same optimum, coefficient by coefficient.
kenward_roger <- function(model) {
  plain <- vcov(model)
  adjusted <- vcovAdj(model)
  list(standardError = I(sqrt(diag(as.matrix(adjusted)))),
       df = I(sapply(seq_len(ncol(plain)), function(j) Lb_ddf(as.numeric(seq_len(ncol(plain)) == j), plain, adjusted))))
}

fit <- function(formula, data, reference = list(), method = "REML", coding = list(), kr = method == "REML" && nrow(data) < 700) {
  for (name in names(data)) if (is.character(data[[name]])) data[[name]] <- factor(data[[name]], levels = sort(unique(data[[name]]), method = "radix"))
  for (name in names(reference)) data[[name]] <- relevel(data[[name]], ref = reference[[name]])
  for (name in names(coding)) contrasts(data[[name]]) <- contr.sum(nlevels(data[[name]]))
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
  effects <- as.data.frame(ranef(tested, condVar = TRUE))
  byGroup <- lapply(unique(as.character(effects$grpvar)), function(g) {
    own <- effects[effects$grpvar == g, ]
    wide <- function(column) unname(as.matrix(sapply(unique(as.character(own$term)), function(t) own[[column]][as.character(own$term) == t])))
    list(group = g, terms = I(unique(as.character(own$term))), levels = as.character(own$grp[as.character(own$term) == as.character(own$term)[1]]), effects = wide("condval"), sd = wide("condsd"))
  })
  components <- VarCorr(tested)
  list(
    formula = text, reference = reference, coding = coding, method = method,
    rows = nobs(tested), groupings = as.list(ngrps(tested)),
    terms = lapply(seq_len(nrow(table)), function(i) list(
      term = rownames(table)[i], estimate = table[i, "Estimate"], standardError = table[i, "Std. Error"],
      df = table[i, "df"], t = table[i, "t value"], p = table[i, "Pr(>|t|)"],
      lower = table[i, "Estimate"] - interval[i], upper = table[i, "Estimate"] + interval[i])),
    covariance = unname(as.matrix(vcov(tested))),
    theta = unname(getME(tested, "theta")),
    components = lapply(seq_along(components), function(i) list(
      group = sub("[.][0-9]+$", "", names(components)[i]), terms = I(colnames(components[[i]])),
      covariance = matrix(as.numeric(components[[i]]), nrow(components[[i]])))),
    residualVariance = sigma(tested)^2,
    criterion = best,
    lme4Criterion = if (method == "REML") REMLcrit(plain) else -2 * as.numeric(logLik(plain)),
    logLikelihood = as.numeric(logLik(tested)), aic = AIC(tested), bic = BIC(tested),
    singular = isSingular(tested),
    residuals = unname(residuals(tested))[1:10],
    groupEffects = byGroup,
    kenwardRoger = if (kr) kenward_roger(model) else NA
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

# Participants within sites, one of whom is alone at a site; and people who answer the same questions.
set.seed(20260115)
people <- data.frame(participant = sprintf("p%02d", 1:45), site = sprintf("s%d", c(1, rep(2:8, length.out = 44))), stringsAsFactors = FALSE)
people$arm <- sample(rep(c("active", "placebo"), length.out = 45))
people$base <- rnorm(45, 0, 2) + rnorm(8, 0, 1.5)[as.integer(sub("s", "", people$site))]
people$trend <- rnorm(45, 0, 0.5) + rnorm(8, 0, 0.3)[as.integer(sub("s", "", people$site))]
centres <- merge(people, data.frame(week = 0:5))
centres <- centres[order(centres$participant, centres$week), ]
centres$score <- round(10 + centres$base + (centres$trend - 0.4 * (centres$arm == "active")) * centres$week + rnorm(nrow(centres)), 2)
centres <- centres[runif(nrow(centres)) > 0.05 * centres$week, c("participant", "site", "arm", "week", "score")]
rownames(centres) <- NULL
items <- expand.grid(item = sprintf("i%02d", 1:9), person = sprintf("r%02d", 1:28), stringsAsFactors = FALSE)
items$dose <- as.numeric(as.integer(sub("r", "", items$person)) %% 4) * 5 + as.integer(sub("i", "", items$item)) %% 3
items$rt <- round(600 + rnorm(28, 0, 40)[as.integer(sub("r", "", items$person))] + rnorm(9, 0, 25)[as.integer(sub("i", "", items$item))] +
                    (2 + rnorm(9, 0, 1.5)[as.integer(sub("i", "", items$item))]) * items$dose + rnorm(nrow(items), 0, 30), 1)
items <- items[runif(nrow(items)) > 0.15, ]
rownames(items) <- NULL
near <- visits[, c("participant", "week", "arm", "baseline", "score")]
near$baseline2 <- near$baseline + round(rnorm(nrow(near), 0, 0.05), 6)

data("sleepstudy", package = "lme4"); data("Dyestuff", package = "lme4"); data("Dyestuff2", package = "lme4")
ortho <- as.data.frame(nlme::Orthodont); ortho$Subject <- as.character(ortho$Subject); ortho$Sex <- as.character(ortho$Sex)
machines <- as.data.frame(nlme::Machines); machines$Worker <- as.character(machines$Worker); machines$Machine <- as.character(machines$Machine)
machines <- machines[-c(2, 3, 6, 25, 30, 31, 44), ]
chick <- as.data.frame(ChickWeight); chick$Chick <- as.character(chick$Chick); chick$Diet <- as.character(chick$Diet)
sleep <- sleepstudy; sleep$Subject <- as.character(sleep$Subject)
data("Penicillin", package = "lme4"); data("Pastes", package = "lme4"); data("cake", package = "lme4")
text <- function(data) { data <- as.data.frame(data); for (name in names(data)) if (is.factor(data[[name]])) data[[name]] <- as.character(data[[name]]); data }
pixel <- text(nlme::Pixel); pixel$day2 <- pixel$day^2
oats <- text(nlme::Oats); cake <- text(cake); cake$temp <- NULL; stool <- text(nlme::ergoStool)
dye <- Dyestuff; dye$Batch <- as.character(dye$Batch)
dye2 <- Dyestuff2; dye2$Batch <- as.character(dye2$Batch)

sets <- list(
  list(name = "sleepstudy", source = "lme4::sleepstudy (Belenky et al. 2003)", data = sleep, models = list(
    list("Reaction ~ Days + (1 + Days | Subject)"),
    list("Reaction ~ Days + (1 + Days | Subject)", method = "ML"),
    list("Reaction ~ Days + (1 | Subject)"),
    list("Reaction ~ Days + (0 + Days | Subject)"),
    list("Reaction ~ Days + (1 + Days || Subject)"),
    list("Reaction ~ Days + (1 + Days || Subject)", method = "ML"),
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
    list("y ~ day + (1 + day | person)"),
    list("y ~ day + (1 + day || person)"))),
  list(name = "Penicillin", source = "lme4::Penicillin (Davies & Goldsmith 1972), crossed", data = text(Penicillin), models = list(
    list("diameter ~ 1 + (1 | plate) + (1 | sample)"),
    list("diameter ~ 1 + (1 | plate) + (1 | sample)", method = "ML"))),
  list(name = "Pastes", source = "lme4::Pastes (Davies & Goldsmith 1972), nested", data = text(Pastes)[, c("strength", "batch", "cask")], models = list(
    list("strength ~ 1 + (1 | batch/cask)"))),
  list(name = "cake", source = "lme4::cake (Cochran & Cox 1957), split plot", data = cake, models = list(
    list("angle ~ recipe * temperature + (1 | recipe:replicate)"),
    list("angle ~ recipe + temperature + (1 | replicate) + (1 | recipe:replicate)", coding = list(recipe = "sum", temperature = "sum")))),
  list(name = "Oats", source = "nlme::Oats (Yates 1935), nested", data = oats, models = list(
    list("yield ~ nitro * Variety + (1 | Block/Variety)"),
    list("yield ~ nitro + Variety + (1 | Block/Variety)", coding = list(Variety = "sum"), method = "ML"))),
  list(name = "Pixel", source = "nlme::Pixel (Pinheiro & Bates 2000), a slope within and a side nested", data = pixel, models = list(
    list("pixel ~ day + day2 + (1 + day | Dog) + (1 | Dog:Side)"))),
  list(name = "ergoStool", source = "nlme::ergoStool (Devore 1995)", data = stool, models = list(
    list("effort ~ Type + (1 | Subject)"), list("effort ~ Type + (1 | Subject)", coding = list(Type = "sum")))),
  list(name = "centres", source = "generated by this script: participants within sites, one alone at a site", data = centres, models = list(
    list("score ~ week * arm + (1 | site/participant)", reference = list(arm = "placebo")),
    list("score ~ week * arm + (1 + week | participant) + (1 | site)", reference = list(arm = "placebo")),
    list("score ~ week * arm + (1 + week || participant) + (1 + week || site)", reference = list(arm = "placebo")),
    list("score ~ week * arm + (1 + week | site) + (1 | participant)", reference = list(arm = "placebo"), method = "ML"))),
  list(name = "items", source = "generated by this script: people by questions, some missing", data = items, models = list(
    list("rt ~ dose + (1 | person) + (1 | item)"),
    list("rt ~ dose + (1 | person) + (1 + dose | item)"),
    list("rt ~ dose + (1 + dose || item) + (1 | person)", method = "ML"))),
  list(name = "near", source = "generated by this script: two columns with a correlation of 0.99994", data = near, models = list(
    list("score ~ week + baseline + baseline2 + (1 + week | participant)")))
)

made <- lapply(sets, function(set) list(name = set$name, source = set$source, data = as_columns(set$data),
  models = lapply(set$models, function(m) do.call(fit, c(list(m[[1]], set$data), m[-1])))))
versions <- sapply(c("lme4", "lmerTest", "pbkrtest", "numDeriv"), function(p) as.character(packageVersion(p)))
arguments <- commandArgs(trailingOnly = TRUE)
writeLines(toJSON(list(r = R.version.string, packages = as.list(versions), sets = made),
                  digits = 16, auto_unbox = TRUE, na = "null", null = "list", matrix = "rowmajor"), arguments[1])

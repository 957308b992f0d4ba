# The whole path, one resample at a time, as it is written in R: the cut-offs of two numbers by
# pROC, a screen by Welch's t, Wilcoxon's rank sum and Fisher's test at p < 0.05, glm on what
# passed, the area in the resample and in all patients.
#   Rscript path.R patients.csv indices.csv results.csv
suppressMessages(library(pROC))
files <- commandArgs(trailingOnly = TRUE)
d <- read.csv(files[1])
indices <- as.matrix(read.csv(files[2], header = FALSE)) + 1
yes_no <- setdiff(names(d), c("y", "age", "diameter"))

cut_of <- function(number, y) {
  curve <- roc(y, number, levels = c(0, 1), direction = "<", quiet = TRUE)
  min(coords(curve, "best", best.method = "youden", ret = "threshold")[, 1])
}
area <- function(y, score) {
  as.numeric(auc(roc(y, score, levels = c(0, 1), direction = "<", quiet = TRUE)))
}

one <- function(rows) {
  own <- d[rows, ]
  cuts <- c(age = cut_of(own$age, own$y), diameter = cut_of(own$diameter, own$y))
  p <- c(
    age = t.test(age ~ y, data = own)$p.value,
    diameter = wilcox.test(diameter ~ y, data = own, exact = FALSE, correct = FALSE)$p.value,
    sapply(yes_no, function(name) {
      if (length(unique(own[[name]])) < 2) return(1)
      fisher.test(table(own[[name]], own$y))$p.value
    })
  )
  chosen <- names(p)[p < 0.05]
  all <- d
  for (name in c("age", "diameter")) {
    own[[name]] <- as.numeric(own[[name]] >= cuts[name])
    all[[name]] <- as.numeric(all[[name]] >= cuts[name])
  }
  if (length(chosen) == 0) return(c(cuts, 0, 0.5, 0.5, 0))
  model <- suppressWarnings(glm(reformulate(chosen, "y"), family = binomial, data = own))
  c(cuts, length(chosen), area(own$y, model$linear.predictors),
    area(all$y, suppressWarnings(predict(model, all))), max(abs(coef(model)), na.rm = TRUE))
}

spent <- system.time(found <- t(apply(indices, 1, one)))["elapsed"]
write.table(found, files[3], sep = ",", row.names = FALSE, col.names = FALSE)
cat(spent, "\n")

# Firth's estimates by brglm2 (it has no profile intervals).  Rscript firth.R data.csv repeats
suppressMessages(library(brglm2))
words <- commandArgs(trailingOnly = TRUE)
d <- read.csv(words[1], header = FALSE)
repeats <- as.integer(words[2])
one <- function() {
  glm(V1 ~ ., data = d, family = binomial, method = "brglmFit", type = "AS_mean", epsilon = 1e-10)
}
model <- one()
spent <- system.time(for (i in seq_len(repeats)) one())["elapsed"] / repeats
cat(spent, format(coef(model)[7], digits = 12), "\n")

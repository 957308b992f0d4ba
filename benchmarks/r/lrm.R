# A logistic fit by rms' lrm and by glm.  Rscript lrm.R data.csv (the outcome first)
suppressMessages(library(rms))
d <- read.csv(commandArgs(trailingOnly = TRUE)[1], header = FALSE)
by_lrm <- system.time(first <- lrm(V1 ~ ., data = d))["elapsed"]
by_glm <- system.time(second <- glm(V1 ~ ., data = d, family = binomial))["elapsed"]
cat(by_lrm, by_glm, format(coef(first)[2], digits = 12), format(coef(second)[2], digits = 12), "\n")

# Optimism of a fixed model by rms.  Rscript validate.R patients.csv resamples
suppressMessages(library(rms))
files <- commandArgs(trailingOnly = TRUE)
d <- read.csv(files[1])
model <- lrm(y ~ age + diameter + metastasis, data = d, x = TRUE, y = TRUE)
set.seed(1)
spent <- system.time(found <- validate(model, B = as.integer(files[2])))["elapsed"]
cat(spent, found["Dxy", "optimism"], found["Slope", "test"], "\n")

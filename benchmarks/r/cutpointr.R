# A bootstrapped Youden cut-off by cutpointr.  Rscript cutpointr.R patients.csv resamples
suppressMessages(library(cutpointr))
files <- commandArgs(trailingOnly = TRUE)
d <- read.csv(files[1])
set.seed(1)
spent <- system.time(found <- suppressMessages(cutpointr(
  d, diameter, y, direction = ">=", pos_class = 1, method = maximize_metric, metric = youden,
  boot_runs = as.integer(files[2])
)))["elapsed"]
boot <- found$boot[[1]]
cat(spent, found$optimal_cutpoint, mean(boot$sensitivity_b), mean(boot$sensitivity_oob), "\n")

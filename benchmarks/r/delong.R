# The area and DeLong's interval by pROC.  Rscript delong.R scores.csv
suppressMessages(library(pROC))
d <- read.csv(commandArgs(trailingOnly = TRUE)[1], header = FALSE)
spent <- system.time(found <- ci.auc(
  roc(d[[1]], d[[2]], levels = c(0, 1), direction = "<", quiet = TRUE)
))["elapsed"]
cat(spent, format(as.numeric(found), digits = 12), "\n")

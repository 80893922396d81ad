"""Public benchmarks: their own files in, figures scored as their authors' code does out."""

"""Public benchmarks: their own files in, figures scored as their authors' code does out."""

from evals.bench.result import Result

__all__ = ["Result"]

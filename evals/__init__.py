"""Evals: measuring answers as part of the product."""

from evals.case import Case, SetError, load_set, save_set
from evals.run import Run, load_run, run
from evals.score import Report, Score, score
from evals.statistics import Figure

__all__ = [
    "Case",
    "Figure",
    "Report",
    "Run",
    "Score",
    "SetError",
    "load_run",
    "load_set",
    "run",
    "save_set",
    "score",
]

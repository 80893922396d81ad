"""Evals: measuring answers as part of the product."""

from evals.case import Case, SetError, load_set, save_set
from evals.compare import Comparison, compare
from evals.outcome import Score
from evals.run import run
from evals.saved import Run, load_run
from evals.score import Report, score
from evals.statistics import Figure

__all__ = [
    "Case",
    "Comparison",
    "Figure",
    "Report",
    "Run",
    "Score",
    "SetError",
    "compare",
    "load_run",
    "load_set",
    "run",
    "save_set",
    "score",
]

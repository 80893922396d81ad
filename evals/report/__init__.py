"""The HTML report of a run: one file that holds all it needs and asks nothing of the network."""

from evals.report.page import write_report

__all__ = ["write_report"]

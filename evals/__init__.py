"""Evals: measuring answers as part of the product."""

"""Articles: what they are, and how they are read from files, pages and records."""

from pathlib import Path

from corpus.article import Article, Skipped
from corpus.errors import OnRecordError
from corpus.load import load

SAMPLES = Path(__file__).parent / "samples"
"""The folder with the sample articles."""

__all__ = ["SAMPLES", "Article", "OnRecordError", "Skipped", "load"]

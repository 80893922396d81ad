"""The index: passages with exact offsets, and finding them by words and vectors."""

from index.archive import Archive, Ingested
from index.passage import Filters, Hit, Passage

__all__ = ["Archive", "Filters", "Hit", "Ingested", "Passage"]

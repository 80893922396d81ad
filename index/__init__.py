"""The index: passages with exact offsets, and finding them by words and vectors."""

import os

# Before onnxruntime is imported anywhere: it would keep a device's id and what it runs on in the
# user's cache folder, and send both to its makers.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from index.archive import Archive, Ingested
from index.passage import Filters, Hit, Passage

__all__ = ["Archive", "Filters", "Hit", "Ingested", "Passage"]

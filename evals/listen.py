"""Hearing what a reader found, beyond the spans that an answer shows."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from qa import Answer, Hit, Settings, Span
from qa.conclude import conclude
from qa.read import Reader


class Listening:
    """A reader that keeps what another found last, for each thread apart."""

    def __init__(self, reader: Reader) -> None:
        """Read with this reader."""
        self.reader = reader
        self._heard = threading.local()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """What the reader finds, the most probable first."""
        spans = self.reader.read(question, hits)
        self._heard.spans = tuple(spans)
        return spans

    def take(self) -> tuple[Span, ...]:
        """What was found since this was last asked; nothing where nothing was read."""
        spans: tuple[Span, ...] = getattr(self._heard, "spans", ())
        self._heard.spans = ()
        return spans


@contextmanager
def listening(engine: Any) -> Iterator[Listening | None]:
    """Listen to an engine's reader; None where what answers has none of its own."""
    reader = getattr(engine, "reader", None)
    if reader is None:
        yield None
        return
    engine.reader = heard = Listening(reader)
    try:
        yield heard
    finally:
        engine.reader = reader


def never_abstaining(question: str, spans: Sequence[Span], settings: Settings) -> Answer:
    """The answer that the best value makes, however improbable it is."""
    hits = [span.hit for span in spans]
    return conclude(question, question, hits, spans, replace(settings, tentative_at=0.0))

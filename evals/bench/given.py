"""Questions over given texts: no index, and from there on the path that the engine takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import Article, OnRecordError
from corpus.copies import group_copies
from evals.bench.result import Progress, tracked
from index import Hit, Passage
from index.chunk import chunk
from index.embed import load_tokenizer
from index.pieces import WordPieces
from qa.answer import Answer
from qa.conclude import conclude
from qa.read import Reader, Span
from qa.settings import Settings

_CONTEXTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be read, with what the reader is shown besides."""

    body: str
    title: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one question."""

    answer: Answer
    spans: tuple[Span, ...]
    """All that the reader found, the most probable first, whether or not it was answered."""
    seconds: float

    @property
    def best(self) -> str:
        """The most probable span's text, even where the answer is that the texts do not say."""
        return self.spans[0].text if self.spans else ""


class GivenTexts:
    """Asks questions of texts that come with them, cut as the index cuts articles."""

    def __init__(self, reader: Reader, settings: Settings | None = None) -> None:
        """Read with this reader; `settings` holds the thresholds."""
        self._reader = reader
        self._settings = settings or Settings()
        self._pieces = WordPieces(load_tokenizer())
        # Benchmarks ask many questions in a row about one text.
        self._cut = lru_cache(maxsize=_CONTEXTS_KEPT)(self._hits)

    def ask(self, question: str, texts: Sequence[Text]) -> Reading:
        """Answer from these texts and nothing else: all their passages are read in one go."""
        hits = self._cut(tuple(texts))
        started = time.perf_counter()
        spans = self._reader.read(question, hits)
        answer = conclude(question, question, hits, spans, self._settings)
        return Reading(answer, tuple(spans), time.perf_counter() - started)

    def ask_all(
        self, tasks: Sequence[tuple[str, Sequence[Text]]], progress: Progress | None = None
    ) -> list[Reading]:
        """Ask questions, each of its own texts.

        Raises:
            OnRecordError: there are none.
        """
        if not tasks:
            raise OnRecordError("no questions are left to ask")
        return [self.ask(question, texts) for question, texts in tracked(tasks, progress)]

    def _hits(self, texts: tuple[Text, ...]) -> list[Hit]:
        """One hit a passage, in the order of the texts; blank texts have none."""
        hits: list[Hit] = []
        articles = [
            Article.create(
                title=text.title, body=text.body, outlet=text.outlet, source=f"given#{n}"
            )
            for n, text in enumerate(texts, 1)
            if text.body.strip()
        ]
        stories = group_copies({article.id: article.body for article in articles})
        for article in articles:
            for start, end in chunk(article.body, self._pieces):
                place = len(hits) + 1
                cut = Passage(place, article.id, start, end, article.body[start:end])
                hits.append(Hit(cut, article, 1 / place, story=stories[article.id]))
        return hits

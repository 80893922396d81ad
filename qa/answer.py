"""What a reader gets: an answer, the quotes it rests on, and the values the articles give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from corpus import Article

NOTHING_FITS = "No article was searched: there is none of the time, outlet and author chosen."
"""The notice where the filters leave no article."""
NO_ARTICLES = "There are no articles yet."
"""The notice where the archive is empty."""
AS_ASKED = "Only what {outlets} wrote was searched, as asked."
"""The notice where a question asks for the account of an outlet."""
NOT_HERE = "There is nothing by {outlet} here: all outlets were searched."
"""The notice where a question asks for the account of one that is not in the archive."""


class Status(StrEnum):
    """How sure the engine is, by its calibrated probability."""

    ANSWERED = "answered"
    TENTATIVE = "tentative"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place: `article.body[start:end] == quote`, checked when it is made."""

    n: int
    """The number of its marker in the answer's text, from 1; 0 for a nearest passage."""
    article: Article
    start: int
    end: int
    quote: str
    copies: tuple[Article, ...] = ()
    """Near-copies of the article that say the same."""
    value: tuple[int, int] = (0, 0)
    """Where the value that it gives stands in the quote; (0, 0) of a nearest passage."""

    @classmethod
    def cut(
        cls, n: int, article: Article, start: int, end: int, copies: tuple[Article, ...] = ()
    ) -> Citation:
        """Cut a quote out of an article. There is no other way to make one."""
        if not 0 <= start < end <= len(article.body):
            raise ValueError(f"no text at {start}:{end} of article {article.id}")
        return cls(n, article, start, end, article.body[start:end], copies)

    @property
    def also_in(self) -> str:
        """Where near-copies stand, by outlet or else title, for a reader; "" where nowhere."""
        names = dict.fromkeys(copy.outlet or copy.title for copy in self.copies)
        return ", ".join(name for name in names if name)

    @property
    def page(self) -> int | None:
        """The page it stands on, from 1; None where the source has no pages."""
        return self.article.page_at(self.start)

    def __post_init__(self) -> None:
        if self.article.body[self.start : self.end] != self.quote:
            raise ValueError(f"the quote does not stand at {self.start}:{self.end}")


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that answers the question, as it stands in the first of its citations."""

    value: str
    citations: tuple[int, ...]
    """Numbers of the citations that give it."""
    independent_sources: int
    """Near-copies of one story count once."""
    superseded: bool = False
    """Another took its place: its outlet gave that later, or told this one as an earlier one."""
    standing: str = "said"
    """What its citations do with it (`qa.standing`): they may also deny it, or retell it as an
    earlier figure, or be retracted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what it rests on."""

    question: str
    """As it was put."""
    text: str
    """A sentence or two with [n] markers."""
    short: str
    """The value itself, an exact substring of the first citation's quote; "" if abstained."""
    status: Status
    confidence: float
    """Probability of being right, 0 to 1."""
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()
    nearest: tuple[Citation, ...] = ()
    """When abstained: the passages that come nearest."""
    read_as: str = ""
    """The question with what it takes from earlier turns put into it; "" where it takes nothing."""
    notice: str = ""
    """What the reader should know besides, such as that the sample articles answered."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    aside: bool = False
    """Whether nothing was asked of the articles: "thanks", "which paper said that?"."""

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the articles do not say."""
        return self.status is Status.ABSTAINED

    def as_dict(self) -> dict[str, Any]:
        """The object that `onrecord ask --json` prints; see qa/schemas/answer.schema.json."""
        return {
            "question": self.question,
            "read_as": self.read_as,
            "answer": self.text,
            "short": self.short,
            "status": self.status.value,
            "abstained": self.abstained,
            "aside": self.aside,
            "confidence": round(self.confidence, 4),
            "citations": [_citation(c) for c in self.citations],
            "claims": [
                {
                    "value": claim.value,
                    "citations": list(claim.citations),
                    "independent_sources": claim.independent_sources,
                    "superseded": claim.superseded,
                    "standing": claim.standing,
                }
                for claim in self.claims
            ],
            "nearest": [_citation(c) for c in self.nearest],
            "notice": self.notice,
            "seconds": {step: round(took, 4) for step, took in self.seconds.items()},
        }


def _citation(citation: Citation) -> dict[str, Any]:
    article = citation.article
    return {
        "n": citation.n,
        "article_id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "updated": article.updated.isoformat() if article.updated else None,
        "notes": [{"kind": note.kind.value, "text": note.text} for note in article.notes],
        "url": article.url,
        "page": citation.page,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "copies": [
            {"article_id": copy.id, "title": copy.title, "outlet": copy.outlet}
            for copy in citation.copies
        ],
    }

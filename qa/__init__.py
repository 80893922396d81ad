"""Questions and answers: reading, citing, agreeing, abstaining, and the shells around it."""

from corpus import Article, OnRecordError
from index import Hit, Ingested, Passage
from qa.answer import Answer, Citation, Claim, Status
from qa.engine import Engine, Event, Found, Narrow, Piece
from qa.read import Reader, Span
from qa.settings import Settings

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Claim",
    "Engine",
    "Event",
    "Found",
    "Hit",
    "Ingested",
    "Narrow",
    "OnRecordError",
    "Passage",
    "Piece",
    "Reader",
    "Settings",
    "Span",
    "Status",
]

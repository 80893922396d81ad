"""Concluding: from what was read to an answer, or to none."""

from __future__ import annotations

from collections.abc import Sequence

from index import Hit
from qa.agree import Agreed, fullest_first, leading
from qa.answer import Answer, Claim, Status
from qa.cite import cite, nearest
from qa.compose import compose
from qa.confidence import calibration
from qa.question import kind_of
from qa.read import Span
from qa.settings import Settings
from qa.standing import Standing


def conclude(
    question: str, asked: str, hits: Sequence[Hit], spans: Sequence[Span], settings: Settings
) -> Answer:
    """From what was read to the answer: agree, cite, and say it, or abstain.

    Args:
        question: As it was put.
        asked: The same, standing on its own.
        hits: The passages that the search found, or that were given.
        spans: What the reader found in them, the most probable first.
        settings: The thresholds.
    """
    kind = kind_of(asked)
    agreed, rival = leading(asked, spans, settings.claim_at)
    own = agreed[0].spans[0].probability if agreed else 0.0
    confidence = calibration().confidence(own, rival)
    # Not by the confidence, which a rival lowers: articles that differ do say something. Nor by
    # the value that leads, which may be less sure than one with fewer sources.
    surest = max((one.probability for one in agreed), default=0.0)
    if not agreed or surest < settings.tentative_at:
        text = compose(kind, Status.ABSTAINED, (), ())
        return Answer(question, text, "", Status.ABSTAINED, confidence, nearest=nearest(hits))
    sure = confidence >= settings.answered_at and agreed[0].standing is Standing.SAID
    status = Status.ANSWERED if sure else Status.TENTATIVE
    # From here on the first of a group names its value; how sure it is has been told.
    for group in agreed:
        group.spans = fullest_first(kind, group.spans)
    retold = [group for group in agreed if group.standing is Standing.RETOLD]
    corrected = [span for group in retold if not group.superseded for span in group.spans]
    citations, numbers = cite([s for group in agreed for s in group.spans], corrected)
    claims = _claims(agreed, numbers)
    text = compose(kind, status, claims, citations)
    short = claims[0].value
    return Answer(question, text, short, status, confidence, tuple(citations), tuple(claims))


def _claims(agreed: Sequence[Agreed], numbers: Sequence[int]) -> list[Claim]:
    """The groups as claims; `numbers` holds the citation of each span, group after group."""
    claims, at = [], 0
    for group in agreed:
        own = numbers[at : at + len(group.spans)]
        at += len(group.spans)
        claims.append(
            Claim(
                value=group.spans[0].text,
                citations=tuple(dict.fromkeys(own)),
                independent_sources=group.independent_sources,
                superseded=group.superseded,
                standing=group.standing.value,
            )
        )
    return claims

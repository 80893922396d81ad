"""Composing: the answer's text. Every piece is a quote, a name or date, or a fixed phrase."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.dates import long_date
from qa.answer import Citation, Claim, Status
from qa.question import SENTENCES, Kind
from qa.values import TO_COME, date_in, is_period

NOT_SAID = "The articles do not say."
MAY_SAY = "The articles may say: "
_MOST_OTHERS = 3
_RECENT = 90  # days: "the bridge fell on February 3 and will be rebuilt"
# "The Oct. 7 attack" is called so in any year.
_EVENT = r"(?:attacks?|massacres?|riots?|insurrection|bombings?|shootings?|uprising)\b"


def compose(
    kind: Kind, status: Status, claims: Sequence[Claim], citations: Sequence[Citation]
) -> str:
    """The answer in a sentence or two, with [n] markers."""
    if status is Status.ABSTAINED or not claims:
        return NOT_SAID
    by_number = {citation.n: citation for citation in citations}
    lead, others = claims[0], claims[1 : 1 + _MOST_OTHERS]
    text = _lead(kind, lead, by_number)
    if status is Status.TENTATIVE:
        text = MAY_SAY + text
    if lead.independent_sources > 1:
        text += f" {lead.independent_sources} independent sources say so."
    earlier = [claim for claim in others if claim.superseded]
    differing = [claim for claim in others if not claim.superseded]
    if differing and kind not in SENTENCES:
        others_say = "Also named" if kind is Kind.LIST else "Others differ"
        text += f" {others_say}: " + "; ".join(_other(kind, c, by_number) for c in differing) + "."
    if earlier and kind not in SENTENCES:
        text += " Earlier: " + "; ".join(_other(kind, c, by_number) for c in earlier) + "."
    return text


def _lead(kind: Kind, claim: Claim, citations: Mapping[int, Citation]) -> str:
    if kind in SENTENCES:
        first = citations[claim.citations[0]]
        return f"“{first.quote}” [{first.n}]"
    return f"{_value(kind, claim, citations)} {_markers(claim)}."


def _other(kind: Kind, claim: Claim, citations: Mapping[int, Citation]) -> str:
    article = citations[claim.citations[0]].article
    named = ", ".join(
        part
        for part in (article.outlet, long_date(article.published) if article.published else "")
        if part
    )
    where = f" ({named})" if named else ""
    return f"{_value(kind, claim, citations)}{where} {_markers(claim)}"


def _value(kind: Kind, claim: Claim, citations: Mapping[int, Citation]) -> str:
    """The value as written, and beside a relative date the day that it means."""
    if kind is not Kind.WHEN:
        return claim.value
    first = citations[claim.citations[0]]
    published = first.article.published
    day = date_in(claim.value, published, first.quote)
    if day is None or str(day.year) in claim.value or is_period(claim.value):
        return claim.value
    past = (published.date() - day).days if published else -1
    if past > _RECENT and re.search(rf"{re.escape(claim.value)} {_EVENT}", first.quote):
        return claim.value
    told_without_date = not any(c.isdigit() for c in claim.value)
    # "Will open on Friday" is not the Friday before, nor "on September 12" last year's.
    if past >= 0 and (told_without_date or past > _RECENT) and TO_COME.search(first.quote):
        return claim.value
    return f"{claim.value} ({day:%B} {day.day}, {day.year})"


def _markers(claim: Claim) -> str:
    return "".join(f"[{n}]" for n in claim.citations)

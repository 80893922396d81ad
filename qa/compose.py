"""Composing: the answer's text. Every piece is a quote, a name or date, or a fixed phrase."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from corpus.dates import long_date
from qa.answer import Citation, Claim, Status
from qa.dates import MONTH, is_period, is_relative, is_weekday, other_years, stands_otherwise
from qa.days import date_in
from qa.quantity import is_figure, quantity_in
from qa.question import SENTENCES, Kind
from qa.tense import NEGATED, is_past, is_to_come, turns_down

NOT_SAID = "The articles do not say."
MAY_SAY = "The articles may say: "
_MOST_OTHERS = 3
_SHORTLY = 20  # characters
_RECENT = 90  # days: "the bridge fell on February 3 and will be rebuilt"
_OTHER_YEAR = re.compile(
    r"(?i)\b(?:(?:last|previous|next) year|years? (?:ago|before|earlier|later))\b"
)
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
    if kind not in SENTENCES:  # who denies the same value gives no other one
        denials = [c for c in differing if _is_turned_down(by_number[c.citations[0]])]
        differing = [claim for claim in differing if claim not in denials]
    if differing and kind not in SENTENCES:
        said = _what_others_are(kind, lead, differing, by_number)
        text += f" {said}: " + "; ".join(_other(kind, c, by_number) for c in differing) + "."
    if kind not in SENTENCES and denials:
        denial = by_number[denials[0].citations[0]]
        text += f" Another says: “{denial.quote}” [{denial.n}]."
    if kind is Kind.YES_NO and (other := _otherwise(lead, differing, by_number)):
        first = by_number[lead.citations[0]]
        whose = "Later" if other.article.follows(first.article) else "Another says"
        text += f" {whose}: “{other.quote}” [{other.n}]."
    if earlier and kind not in SENTENCES:
        text += " Earlier: " + "; ".join(_other(kind, c, by_number) for c in earlier) + "."
    return text


def _what_others_are(
    kind: Kind, lead: Claim, others: Sequence[Claim], citations: Mapping[int, Citation]
) -> str:
    """What is said before the other values: two figures differ, two names may both be right."""
    figures = all(quantity_in(claim.value) for claim in (lead, *others))
    if kind in (Kind.LIST, Kind.WHO):
        return "Others say" if any(is_figure(c.value) for c in (lead, *others)) else "Also named"
    outlets = {citations[n].article.outlet for claim in (lead, *others) for n in claim.citations}
    if len(outlets) == 1 and all(outlets):
        return "Also given"
    named = kind is Kind.WHERE or (kind is Kind.WHAT and not figures)
    return "Others say" if named else "Others differ"


def _otherwise(
    lead: Claim, others: Sequence[Claim], citations: Mapping[int, Citation]
) -> Citation | None:
    """The first sentence that denies what the leading one affirms, or affirms what it denies.

    Or that its outlet wrote later: it may have been overtaken. That both are about the same is
    told by their words: half of the shorter one's stand in both.
    """
    first, *rest = (citations[claim.citations[0]] for claim in (lead, *others))
    said = _long_words(first.quote)
    for other in rest:
        its = _long_words(other.quote)
        same = 2 * len(said & its) >= min(len(said), len(its)) > 0
        later = other.article.follows(first.article)
        if same and (later or _is_denied(first) != _is_denied(other)):
            return other
    return None


def _is_denied(citation: Citation) -> bool:
    """Whether a "not" stands in the value of a quote, or shortly before it, or it is denied."""
    start, end = citation.value
    near = NEGATED.search(citation.quote[max(0, start - _SHORTLY) : end])
    return bool(near) or _is_turned_down(citation)


def _is_turned_down(citation: Citation) -> bool:
    return turns_down(citation.quote[: citation.value[0]])


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w{4,}", text.casefold()) if word != "said"}


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
    first = citations[claim.citations[0]]
    day = _day_meant(claim.value, first) if kind is Kind.WHEN else None
    if day is None:
        return claim.value
    has_day = MONTH.search(claim.value) and any(c.isdigit() for c in claim.value)
    return f"{claim.value} ({day.year if has_day else long_date(day)})"


def _day_meant(value: str, citation: Citation) -> date | None:
    """The day that a relative date means; None where the value or its sentence tells, or none."""
    published, quote = citation.article.published, citation.quote
    day = date_in(value, published, quote)
    if day is None or str(day.year) in value or is_period(value):
        return None
    start, end = citation.value
    named = set(other_years(quote, value)) - {str(day.year)}
    if named or _OTHER_YEAR.search(f"{quote[:start]} {quote[end:]}"):
        return None
    if is_weekday(value) and stands_otherwise(quote[:start]):
        return None
    updated = citation.article.updated
    if is_relative(value) and updated and published and updated.date() != published.date():
        return None  # on which of the two days it was written, nothing tells
    past = (published.date() - day).days if published else -1
    if past > _RECENT and re.search(rf"{re.escape(value)} {_EVENT}", quote):
        return None
    told_without_date = not any(c.isdigit() for c in value)
    # "Will open on Friday" is not the Friday before, nor "on September 12" last year's.
    coming = (told_without_date or past > _RECENT) and is_to_come(quote)
    of_its_own = not told_without_date or is_weekday(value)  # not "yesterday"
    coming = coming or (of_its_own and not is_past(quote, value))
    return None if past >= 0 and coming else day


def _markers(claim: Claim) -> str:
    return "".join(f"[{n}]" for n in claim.citations)

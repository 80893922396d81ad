"""Composing: the answer's text. Every piece is a quote, a name or date, or a fixed phrase."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from corpus import Article
from corpus.dates import long_date
from qa.answer import Citation, Claim, Status
from qa.dates import (
    CLOCK,
    DATE,
    MONTH,
    NO_DAY,
    is_period,
    is_relative,
    is_weekday,
    other_years,
    stands_otherwise,
)
from qa.days import date_in
from qa.evidence import stems
from qa.quantity import is_figure, quantity_in
from qa.question import NUMBERS, SENTENCES, Kind
from qa.standing import is_denied
from qa.tense import NEGATED, is_past, is_to_come, was_said_on
from qa.units import dimension

RETOLD = "It is told as an earlier figure."
RETRACTED = "Its outlet has retracted this."
NOT_SAID = "The articles do not say."
MAY_SAY = "The articles may say: "
_MOST_OTHERS = 3
_TIMES = (Kind.WHEN, Kind.HOW_LONG)  # "until Tuesday"
_SOME_DAYS = timedelta(days=2)
_SHORTLY = 20  # characters
_RECENT = 90  # days: "the bridge fell on February 3 and will be rebuilt"
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_OTHER_YEAR = re.compile(
    r"(?i)\b(?:(?:last|previous|next) year|years? (?:ago|before|earlier|later))\b"
)
_OF_A_LIFE = re.compile(r"(?i)\b(?:born|birthday|founded|anniversary)\b[^,.;]{0,30}$")
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
    text += {"retracted": f" {RETRACTED}", "retold": f" {RETOLD}"}.get(lead.standing, "")
    if kind in SENTENCES:
        return text + _contradicted(kind, lead, others, by_number)
    # Who denies the value, or tells it as an earlier one, gives no other.
    quoted = [c for c in others if c.standing != "said" and not c.superseded]
    beside = [c for c in others if not c.superseded and c not in quoted]
    less = [c for c in beside if kind in NUMBERS and _bounds(c.value, lead.value)]
    more = [c for c in beside if kind in NUMBERS and _bounds(lead.value, c.value)]
    for said, told in (
        ("More exactly", more),
        ("", [c for c in beside if c not in less and c not in more]),
        ("Less exactly", less),
        ("Earlier", [c for c in others if c.superseded and not _is_later(c, lead, by_number)]),
        ("Later", [c for c in others if c.superseded and _is_later(c, lead, by_number)]),
    ):
        if told:
            called = said or _what_others_are(kind, lead, told, by_number)
            text += f" {called}: " + "; ".join(_other(kind, c, by_number) for c in told) + "."
    for claim in quoted:
        other = by_number[claim.citations[0]]
        whose = "A retracted article says" if claim.standing == "retracted" else "Another says"
        text += f" {whose}: “{other.quote}” [{other.n}]."
    return text


def _contradicted(
    kind: Kind, lead: Claim, others: Sequence[Claim], citations: Mapping[int, Citation]
) -> str:
    """The sentence that says otherwise on a yes or no, as it is put behind the leading one."""
    other = _otherwise(lead, others, citations) if kind is Kind.YES_NO else None
    if other is None:
        return ""
    first = citations[lead.citations[0]]
    own, its = first.article.told, other.article.told
    older = bool(own and its and own - its > _SOME_DAYS)
    whose = "Later" if other.article.follows(first.article) else "Another says"
    whose = f"Earlier ({_told_by(other.article)})" if older else whose
    return f" {whose}: “{other.quote}” [{other.n}]."


def _is_later(claim: Claim, lead: Claim, citations: Mapping[int, Citation]) -> bool:
    """Whether a value was given after the leading one: where it is asked what was told at first."""
    return claim.standing != "retold" and any(
        citations[own].article.follows(citations[first].article)
        for own in claim.citations for first in lead.citations
    )  # fmt: skip


def _what_others_are(
    kind: Kind, lead: Claim, others: Sequence[Claim], citations: Mapping[int, Citation]
) -> str:
    """What is said before the other values: two figures differ, two names may both be right."""
    figures = all(quantity_in(claim.value) for claim in (lead, *others))
    if kind in (Kind.LIST, Kind.WHO):
        return "Others say" if any(is_figure(c.value) for c in (lead, *others)) else "Also named"
    units = {amount.unit for c in (lead, *others) if (amount := quantity_in(c.value))}
    if len(units) > 1 and all(dimension(unit) == "money" for unit in units):
        return "Also given"  # in other money
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
    said = stems(first.quote)
    for other in rest:
        its = stems(other.quote)
        same = 2 * len(said & its) >= min(len(said), len(its)) > 0
        later = other.article.follows(first.article)
        if same and (later or _is_denied(first) != _is_denied(other)):
            return other
    return None


def _is_denied(citation: Citation) -> bool:
    """Whether a "not" stands in the value of a quote, or shortly before it, or it is denied."""
    start, end = citation.value
    near = NEGATED.search(citation.quote[max(0, start - _SHORTLY) : end])
    return bool(near) or is_denied(citation.quote, start, end)


def _bounds(value: str, exact: str) -> bool:
    """Whether a value only bounds a figure, which is exact and meets it: "at least 140" of 163."""
    figure, other = quantity_in(exact), quantity_in(value)
    if not figure or not other or figure.bound or figure.unit != other.unit:
        return False
    return (other.bound == ">" and figure.least >= other.least) or (
        other.bound == "<" and figure.most <= other.most
    )


def _lead(kind: Kind, claim: Claim, citations: Mapping[int, Citation]) -> str:
    if kind in SENTENCES:
        first = citations[claim.citations[0]]
        return f"“{first.quote}” [{first.n}]"
    value = _value(kind, claim, citations)
    written = _written(claim.value, citations[claim.citations[0]]) if kind in _TIMES else ""
    return f"{value}{written if value == claim.value else ''} {_markers(claim)}."


def _other(kind: Kind, claim: Claim, citations: Mapping[int, Citation]) -> str:
    named = _told_by(citations[claim.citations[0]].article)
    more = claim.independent_sources - 1
    named += f" and {more} other source{'s' if more > 1 else ''}" if named and more else ""
    where = f" ({named})" if named else ""
    return f"{_value(kind, claim, citations)}{where} {_markers(claim)}"


def _told_by(article: Article) -> str:
    """The outlet and the day, as far as they are known."""
    day = long_date(article.published) if article.published else ""
    return ", ".join(part for part in (article.outlet, day) if part)


def _value(kind: Kind, claim: Claim, citations: Mapping[int, Citation]) -> str:
    """The value as written, and beside a relative date the day that it means."""
    first = citations[claim.citations[0]]
    day = _day_meant(claim.value, first) if kind is Kind.WHEN else None
    if day is None:
        return claim.value
    has_day = MONTH.search(claim.value) and any(c.isdigit() for c in claim.value)
    return f"{claim.value} ({day.year if has_day else long_date(day)})"


def _written(value: str, citation: Citation) -> str:
    """When a time was told that is another one each week, where its day cannot be told."""
    published, (start, end) = citation.article.published, citation.value
    named = DATE.search(value)
    every = bool(named and NO_DAY.search(value[: named.start()]))  # "Good Friday"
    every = every or stands_otherwise(citation.quote[:start], citation.quote[end:])
    bare = CLOCK.sub("", value)
    month = MONTH.search(bare) and not any(c.isdigit() for c in bare)
    dated = _YEAR.search(bare) or (MONTH.search(bare) and not month)
    one = (is_relative(bare) or month) and not dated and not is_period(value)
    return f" (written {long_date(published)})" if published and one and not every else ""


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
    otherwise = is_weekday(value) and stands_otherwise(quote[:start], quote[end:])
    if otherwise or _OF_A_LIFE.search(quote[:start]):
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
    coming = coming and not was_said_on(quote[:start])
    of_its_own = not told_without_date or is_weekday(value)  # not "yesterday"
    coming = coming or (of_its_own and not is_past(quote, value))
    return None if past >= 0 and coming else day


def _markers(claim: Claim) -> str:
    return "".join(f"[{n}]" for n in claim.citations)

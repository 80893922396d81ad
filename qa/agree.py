"""Agreeing: which values the articles give, how many independent ones give each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.cite import quote_around
from qa.dates import DATE
from qa.days import dates_in, within
from qa.evidence import fits
from qa.extent import whole
from qa.independent import independent
from qa.listing import items
from qa.quantity import NUMBER, is_figure, quantity_in, rate_in
from qa.question import FIGURES, NUMBERS, SENTENCES, Kind, kind_of
from qa.read import Span
from qa.same import apart, is_rough, same_value
from qa.same_name import WHOLE_NAME
from qa.standing import FIGURE, Standing, is_contrasted, is_of_retraction, standing
from qa.supersede import AS_SURE, is_superseded, replaces

_NAMED = frozenset({Kind.WHO, Kind.WHAT, Kind.LIST})
_ABOUT_AS_SURE = 0.9
# "How much did it bid at first?" asks for what was replaced since.
_AT_FIRST = re.compile(
    rf"(?i)\b(?:at first|initially|originally|(?:first|initial|original|earlier) {FIGURE}"
    r"|first (?:\w+ed|seen|known|told|found|say|put|give|bid|offer))\b"
)
# "What claim did he deny?" asks for what is denied.
_OF_A_CLAIM = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying)|reject\w*|dismiss\w*|refut\w*|accus\w*|alleg\w*|claim\w*"
    r"|charg\w*|wrong\w*|incorrect\w*|false\w*|lie[sd]?)\b"
)


@dataclass(slots=True)
class Agreed:
    """Spans that give one value; the first, the most probable, names it."""

    spans: list[Span]
    independent_sources: int = 1
    superseded: bool = False
    """The same outlet gave another value in a later article."""
    standing: Standing = Standing.SAID
    """What its articles do with the value."""
    probability: float = 0.0
    """Of being right by all its sources together."""
    strength: float = 0.0
    """What it is placed by: the probability of its first span, or of a value that it replaces."""


def agree(
    kind: Kind, spans: Sequence[Span], *, first: bool = False, all_said: bool = False
) -> list[Agreed]:
    """Group spans by value: the best supported first, what was superseded last.

    Figures and times are superseded. A name is not: whom an outlet names later may be another one.
    A value that replaces another one takes its place, for the outlet gives it as the answer to
    the same question. Who denies a value, or tells it as an earlier one, does not support it.

    Args:
        kind: What the question asks for.
        spans: The spans, most probable first.
        first: Whether it is asked what was told at first, which later values do not replace then.
        all_said: Whether what is denied or retold is asked for, and counts as what is said.
    """
    groups = _grouped(kind, whole(kind, spans), all_said=first or all_said)
    for group in groups:
        group.spans = _all_items_first(kind, group.spans)
        others = [span for other in groups if other is not group for span in other.spans]
        own = [
            span for span in group.spans
            if not any(replaces(kind, other, span, first=first) for other in others)
        ]  # fmt: skip
        sources = independent(kind, fullest_first(kind, own or group.spans))
        group.independent_sources = len(sources)
        group.probability = _together(kind, group, sources)
        group.superseded = (
            _is_outdated(kind, group, groups) if group.standing is Standing.RETOLD
            else is_superseded(kind, group.spans, others, first=first)
        )  # fmt: skip
    groups = _with_what_retells(kind, groups)
    if all(group.superseded for group in groups):
        for group in groups:  # then nothing tells which of them stands
            group.superseded = False
    for group in groups:
        gone = [g for g in groups if g.superseded and _has_replaced(kind, group, g, first=first)]
        group.strength = max(g.spans[0].probability for g in (group, *gone))
    surest = max((g.strength for g in groups if not g.superseded), default=0.0)
    return sorted(groups, key=lambda group: _place(group, surest))


def _together(kind: Kind, group: Agreed, sources: Sequence[Span]) -> float:
    """1 - the product of (1 - p) over the sources: that not all of them are misread.

    Of sentences none says what another one does word for word, and the surest alone counts.
    """
    surest = max(span.probability for span in group.spans)
    if kind in SENTENCES:
        return surest
    return max(surest, 1 - math.prod(1 - span.probability for span in sources))


def _grouped(kind: Kind, spans: Sequence[Span], *, all_said: bool) -> list[Agreed]:
    """Spans that give one value together, but for those whose articles do not say it."""
    groups: list[Agreed] = []
    for span in spans:
        stands = Standing.SAID if all_said else standing(kind, span)
        # As every one of them: "Smith" fits both John and Jane, who are not one.
        same = next(
            (group for group in groups if group.standing is stands and _fits_in(kind, span, group)),
            None,
        )
        if same:
            same.spans.append(span)
        else:
            groups.append(Agreed([span], standing=stands))
    return groups


def leading(question: str, spans: Sequence[Span], claim_at: float) -> tuple[list[Agreed], float]:
    """The values that spans give, and how probable the strongest other one is.

    Args:
        question: What is asked, standing on its own.
        spans: The spans, most probable first.
        claim_at: Share of the first span's probability from which a value is listed.

    Returns:
        The values as `agree` has them, and the probability of the most probable span, listed or
        not, that gives another value than the one that leads; 0.0 where there is none. A figure
        that was replaced is none.
    """
    kind, first = kind_of(question), bool(_AT_FIRST.search(question))
    all_said = first or bool(_OF_A_CLAIM.search(question))
    spans = [span for span in whole(kind, spans) if not is_of_retraction(span)]
    # Beside a figure, a name is no other answer; and what is no time is never when.
    if kind is Kind.WHEN or (kind in FIGURES and spans and fits(kind, spans[0].text)):
        spans = [span for span in spans if fits(kind, span.text)]
    floor = spans[0].probability * claim_at if spans else 0.0
    listed = _asked_for(question, kind, [span for span in spans if span.probability >= floor])
    agreed = agree(kind, listed, first=first, all_said=all_said)
    if not agreed:
        return [], 0.0
    if kind not in SENTENCES and agreed[0].standing is Standing.DENIED:
        return [], 0.0  # none says it: one says that it is not so
    if kind in FIGURES:
        gone = [group for group in agreed if group.superseded]
        agreed = [
            group for group in agreed
            if not _is_of_something_else(group, agreed[0])
            or (any(_has_replaced(kind, group, other, first=first) for other in gone)
                and not apart(group.spans[0], agreed[0].spans[0]))
        ]  # fmt: skip
    lead = agreed[0].spans[0]
    replaced = [span for group in agreed if group.superseded for span in group.spans]
    rivals = [
        span.probability for span in spans
        if not any(span is other for other in replaced) and _rivals(kind, span, lead)
    ]  # fmt: skip
    return agreed, max(rivals, default=0.0)


def _rivals(kind: Kind, span: Span, lead: Span) -> bool:
    """Whether a span speaks against the one that leads: by another value, or by denying it."""
    if not same_value(kind, lead, span):
        return True
    return standing(kind, span) is Standing.DENIED is not standing(kind, lead)


def _asked_for(question: str, kind: Kind, spans: list[Span]) -> list[Span]:
    """The spans that give what is asked for, where others give something else beside it."""
    found = spans
    if kind is Kind.HOW_MANY:  # of "9,874 votes" and "52 percent of the vote" one is counted
        found = [span for span in spans if not _is_share(span.text)]
    elif kind is Kind.WHO and spans and not is_figure(spans[0].text):
        found = [span for span in spans if not is_figure(span.text)]
        others = [span for span in found if not _is_who_is_named(question, span.text)]
        found = others or found
    elif kind in NUMBERS and (rate := rate_in(question)):  # "per share"
        found = [span for span in spans if rate_in(span.text) == rate]
    return found or spans


def _is_who_is_named(question: str, text: str) -> bool:
    """Whether a person is whom a question names: "Who was Sheinbaum's predecessor?" is not she."""
    surname = text.rpartition(" ")[2]
    return bool(WHOLE_NAME.fullmatch(text)) and f"{surname}'s" in question.replace("’", "'")


def _fits_in(kind: Kind, span: Span, group: Agreed) -> bool:
    return all(same_value(kind, one, span) for one in group.spans)


def _is_outdated(kind: Kind, retold: Agreed, groups: Sequence[Agreed]) -> bool:
    """Whether a figure that is only retold gives way to one that is said: of its own article, or
    one that the reader is about as sure of."""
    articles = {span.hit.article.id for span in retold.spans}
    return any(
        group.standing is Standing.SAID
        and not _fits_in(kind, retold.spans[0], group)
        and any(
            span.hit.article.id in articles
            or span.probability >= AS_SURE * retold.spans[0].probability
            for span in group.spans
        )
        for group in groups
    )


def _with_what_retells(kind: Kind, groups: Sequence[Agreed]) -> list[Agreed]:
    """The groups, those that retell a superseded value put to it; a value that stands, stands."""
    found = []
    for group in groups:
        same = next(
            (other for other in groups
             if group.standing is Standing.RETOLD and other.standing is Standing.SAID
             and _fits_in(kind, group.spans[0], other)),
            None,
        )  # fmt: skip
        if same and same.superseded:
            same.spans += group.spans
            continue
        group.superseded &= same is None
        found.append(group)
    return found


def _is_of_something_else(group: Agreed, lead: Agreed) -> bool:
    """Whether the sentence that gives the leading figure has this one too, for something else.

    Of "1,949 of the 10,000" the reader took the first; elsewhere it may have met the second alone.
    One that it is nearly as sure of stays: "12, or 20 by the opposition's count".
    """
    first = group.spans[0]
    if apart(first, lead.spans[0]):
        return True
    number = NUMBER.search(first.text)
    sure = first.probability >= AS_SURE * lead.spans[0].probability
    if group.superseded or sure or not number:
        return False
    figure = re.compile(rf"(?<![\w.,]){re.escape(number.group())}(?!\w|[.,]\d)")
    quotes = (
        (span.hit.article.body, *quote_around(span.hit.article, span.start, span.end))
        for span in lead.spans
    )
    met = ((body[start:end], figure.search(body[start:end])) for body, start, end in quotes)
    return any(at and not is_contrasted(quote[: at.start()]) for quote, at in met)


def _is_share(text: str) -> bool:
    figure = quantity_in(text)
    return figure is not None and figure.dimension == "share"


def fullest_first(kind: Kind, spans: Sequence[Span]) -> list[Span]:
    """Spans of one value, the first giving way to the one that says the same most fully."""
    first = spans[0]
    for span in spans[1:]:
        if _is_whole_name(kind, span, first) or _is_more_exact(kind, span, first):
            first = span
    return [first, *(span for span in spans if span is not first)]


def _all_items_first(kind: Kind, spans: list[Span]) -> list[Span]:
    """Spans of one list, the first giving way to the one that names the most."""
    if kind not in (Kind.LIST, Kind.WHO):
        return spans
    most = max(spans, key=lambda span: len(items(span.text)))
    fuller = len(items(most.text)) > max(1, len(items(spans[0].text)))
    fuller = fuller or (kind is Kind.LIST and len(items(most.text)) > 1)
    return [most, *(span for span in spans if span is not most)] if fuller else spans


def _is_whole_name(kind: Kind, span: Span, other: Span) -> bool:
    """Whether a span is the whole name of whom the other one names by surname.

    Only if the surname's own article writes it: Trump may be Donald or Melania.
    """
    if kind not in _NAMED or not WHOLE_NAME.fullmatch(span.text):
        return False
    return span.text.split()[-1] == other.text and span.text in other.hit.article.body


def _is_more_exact(kind: Kind, span: Span, other: Span) -> bool:
    """Whether a span tells, about as surely, a day of the other's month or year.

    Or the same day, but on its own, where the other needs its article's date; or the figure that
    the other one rounds.
    """
    if span.probability < AS_SURE * other.probability:
        return False
    if kind in NUMBERS:
        return is_rough(other, span)
    if kind is not Kind.WHEN:
        return False
    if len(DATE.findall(other.text)) > 1:  # "between 2020 and 2024"
        return False
    own, its = dates_in(span.text, None), dates_in(other.text, other.hit.article.published)
    if not (own and its and within(own, its)):
        return False
    return own != its or not dates_in(other.text, None)


def _place(group: Agreed, surest: float) -> tuple[bool, bool, int, float]:
    """Support decides among values that the reader is about as sure of as of the surest.

    Below that it must not: a misreading that fits many articles would win by number.
    """
    support = group.independent_sources if group.strength >= _ABOUT_AS_SURE * surest else 0
    return (group.superseded, group.standing is not Standing.SAID, -support, -group.strength)


def _has_replaced(kind: Kind, group: Agreed, other: Agreed, *, first: bool) -> bool:
    return any(replaces(kind, own, its, first=first) for own in group.spans for its in other.spans)

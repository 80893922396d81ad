"""Echoes: a follow-up that is led by the question before it must not be answered with its answer.

"How much did the dam cost? When was it built?" is what search and reading see, and both questions
are in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.cite import quote_around
from qa.evidence import fits, stems
from qa.follow_up import leading_part
from qa.quantity import is_figure
from qa.question import FIGURES, Kind, kind_of
from qa.read import Span

_TURNS = 3  # whose answers may be what is echoed
# Of an answer's text what is no value: "(Herald, March 5, 2025) [2]".
_WHERE_FROM = re.compile(r"\([^()]*, [A-Z][a-z]+ \d{1,2}, \d{4}\)|\[\d+\]")


def without_echoes(
    question: str, asked: str, history: Sequence[tuple[str, str]], spans: Sequence[Span]
) -> list[Span]:
    """The spans that answer a follow-up itself; all of them where no other question leads it.

    Those stay that are of the kind asked for and say more than the earlier question and its answer
    did. Where both ask for the same kind of thing, one value may well answer both.

    Args:
        question: As it was put.
        asked: The same, standing on its own (`qa.follow_up.standalone`).
        history: The earlier turns as (question, answer text), oldest first.
        spans: What was found.
    """
    lead = leading_part(asked)
    kind = kind_of(asked[len(lead) :])
    alike = kind_of(lead) is kind and kind is not Kind.WHAT  # "what was the turnout? what won?"
    if asked == question or not lead or "?" in question.rstrip("? ") or alike:
        return list(spans)
    led = [answer for before, answer in history if lead.startswith(before.rstrip("? "))]
    told = [*led, *(answer for _, answer in history[-_TURNS:])]
    known = stems(lead).union(*(stems(_WHERE_FROM.sub(" ", answer)) for answer in told))
    new = stems(question) - stems(lead)
    found = [
        span for span in spans
        if (kind not in FIGURES or fits(kind, span.text))
        and (not stems(span.text) <= known or (new and new <= stems(_sentence(span))))
    ]  # fmt: skip
    named = kind in (Kind.WHO, Kind.WHERE)
    return [span for span in found if not (named and is_figure(span.text))]


def _sentence(span: Span) -> str:
    start, end = quote_around(span.hit.article, span.start, span.end)
    return span.hit.article.body[start:end]

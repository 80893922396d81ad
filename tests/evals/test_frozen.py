"""What the shipped models must not fall below, on the sample articles and questions.

The bounds are what they reached when they shipped, less a few questions: processors round int8
products differently. Raise them with better models.
"""

from __future__ import annotations

import pytest

from evals.case import Case, load_set
from qa import Answer, Engine
from qa.conclude import conclude
from qa.likeness import contains, is_right

CASES = load_set("samples")
ANSWERABLE = [case for case in CASES if case.answers and not case.history][::2]


@pytest.fixture(scope="module")
def answers(engine: Engine) -> dict[str, Answer]:
    return {case.id: engine.ask(case.question, case.history) for case in CASES}


def without_its_articles(engine: Engine, case: Case) -> Answer:
    """The answer where the search brings everything but the articles that answer."""
    hits = engine.search(case.question, 80)
    titles, quotes = set(case.articles), case.quotes
    kept = [
        hit for hit in hits
        if hit.article.title not in titles and not any(q in hit.article.body for q in quotes)
    ][: engine.settings.passages_read]  # fmt: skip
    spans = engine.reader.read(case.question, kept)
    return conclude(case.question, case.question, kept, spans, engine.settings)


def test_questions_are_dealt_with_rightly(answers: dict[str, Answer]) -> None:
    dealt = [
        is_right(answers[case.id].short, case.answers)
        if case.answers
        else answers[case.id].abstained
        for case in CASES
    ]
    assert sum(dealt) >= 71  # of 96; 72 with these weights


def test_the_value_found_is_right(engine: Engine) -> None:
    """However unsure it is: the reader alone, of the passages that the search brings."""
    right = 0
    for case in ANSWERABLE:
        spans = engine.reader.read(case.question, engine.search(case.question, 12))
        right += is_right(spans[0].text, case.answers)
    assert right >= 25  # of 35; 27 with these weights


def test_what_the_articles_do_not_say_is_refused(engine: Engine) -> None:
    refused = sum(without_its_articles(engine, case).abstained for case in ANSWERABLE)
    assert refused >= 27  # of 35; 28 with these weights


def test_values_that_differ_are_both_given(answers: dict[str, Answer]) -> None:
    conflicts = [case for case in CASES if case.kind == "conflict"]
    both = 0
    for case in conflicts:
        values = [claim.value for claim in answers[case.id].claims]
        held = {gold for gold in case.answers if any(contains(v, gold) for v in values)}
        both += len(held) > 1 and len(values) > 1
    assert both >= 5  # of 7; 7 with these weights

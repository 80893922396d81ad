"""Evidence for a span: what it is made of."""

import pytest

from corpus import Article
from index import Hit, Passage
from qa.evidence import of_span
from qa.read import SpanReader


@pytest.mark.parametrize(
    ("question", "span", "fits"),
    [
        ("When was it built?", "1885", True),
        ("When was it built?", "the 1950s", True),
        ("When does it open?", "May", True),
        ("When did it close?", "midnight", True),
        ("When did it close?", "yesterday", True),
        ("When did it close?", "two years before the war", True),
        ("When was it built?", "12,885 men", False),
        ("When was it built?", "the pier", False),
        ("How many came?", "1,949", True),
        ("How many came?", "the first of them", False),
        ("Who came?", "Marta Olivares", True),
        ("Who came?", "operators", False),
        ("What came?", "operators", True),
    ],
)
def test_a_span_is_of_the_kind_asked_for_or_not(question: str, span: str, fits: bool) -> None:
    kind, *_ = of_span(question, span, f"It was {span}.")
    assert kind == (0.0 if fits else -1.0)


def test_who_resigned_is_told_by_the_title() -> None:
    body = "The decision had been expected for weeks. He resigned on 4 May 2024, after a defeat."
    hits = []
    for number, title in enumerate(("Football coach leaves club", "Finance minister steps down")):
        article = Article.create(title=title, body=body)
        hits.append(Hit(Passage(number, article.id, 0, len(body), body), article, 1.0, {}))
    first, second = SpanReader().read("When did the finance minister resign?", hits)
    assert first.text == second.text == "4 May 2024"
    assert first.hit.article.title == "Finance minister steps down"
    assert first.probability > second.probability + 0.1

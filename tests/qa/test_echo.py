"""A follow-up is not answered with the answer to the question that leads it."""

from __future__ import annotations

import pytest

from corpus import Article
from index import Hit, Passage
from qa.echo import without_echoes
from qa.read import Span

HISTORY = [("How much did the Hovdal dam cost?", "600 million euros [1]. Others differ: 70 [2].")]


@pytest.mark.parametrize(
    ("question", "found", "left"),
    [
        ("When was it built?", ["600 million euros", "2019"], ["2019"]),
        ("When was it built?", ["600 million euros"], []),
        ("Who built it?", ["600 million Norwegian kroner", "Hovdal", "Norsk Bygg"], ["Norsk Bygg"]),
        ("Why?", ["The dam cost 600 million euros", "the rock was soft"], ["the rock was soft"]),
        ("How many stops?", ["70", "12"], ["12"]),  # the other value of that answer
        ("Any problems?", ["600 million euros", "the rock was soft"], ["the rock was soft"]),
        # Of one kind of thing both may be asked.
        ("How much was it in dollars?", ["600 million euros"], ["600 million euros"]),
    ],
)
def test_what_only_repeats_the_earlier_turn_is_left_out(
    question: str, found: list[str], left: list[str]
) -> None:
    article = Article.create(title="The dam", body=". ".join(found))
    hit = Hit(Passage(1, article.id, 0, len(article.body), article.body), article, 1.0)
    starts = [article.body.index(text) for text in found]
    spans = [Span(hit, at, at + len(text), 0.9) for at, text in zip(starts, found, strict=True)]
    asked = f"{HISTORY[0][0]} {question}"
    assert [span.text for span in without_echoes(question, asked, HISTORY, spans)] == left
    assert without_echoes(asked, asked, [], spans) == spans


def test_one_value_may_answer_two_questions() -> None:
    body = "Turnout among men was 61 percent. Turnout among women was 61 percent, the board said."
    article = Article.create(title="The vote", body=body)
    hit = Hit(Passage(1, article.id, 0, len(body), body), article, 1.0)
    history = [("What was the turnout among men?", "61 percent [1].")]
    spans = [Span(hit, at, at + 10, 0.9) for at in (body.index("61"), body.rindex("61"))]
    asked = f"{history[0][0]} What about women?"
    assert without_echoes("What about women?", asked, history, spans) == spans[1:]

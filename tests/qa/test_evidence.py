"""Evidence for a span: what it is made of."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus import Article
from index import Hit, Passage
from index.embed import MiniLM, Vectors
from qa.evidence import NAMES, of_search, of_span
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


def hit(number: int, body: str, title: str = "Notes", days_off: int = 0) -> Hit:
    article = Article.create(title=title, body=body)
    passage = Passage(number, article.id, 0, len(body), body)
    return Hit(passage, article, 1.0, {"words": 1}, days_off=days_off)


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        (
            "What damaged the harbour?",
            "The quay was wrecked by a gale.",
            "The school was damaged by a fire.",
        ),
        (
            "How much did the film earn?",
            "Cinemas took 3 million dollars from the movie.",
            "The bank earned 2 million dollars.",
        ),
    ],
)
def test_a_sentence_like_the_question_in_meaning_comes_first(
    question: str, told: str, other: str
) -> None:
    # The other one has more of the question's own words, and by the reader alone it comes first.
    first, second = SpanReader().read(question, [hit(0, other), hit(1, told)])
    assert first.hit.passage.text == told
    assert first.probability > second.probability


def test_the_features_stand_in_their_order() -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    passage = hit(0, "Nothing new. In all 1,949 soldiers came to Tijuana.", days_off=3)
    ((_, candidates),) = found = reader.candidates(question, [passage])
    ((same, spans),) = reader.evidence(question, found)
    assert same is passage
    start, end, own = spans[0]
    made = dict(zip(NAMES, own, strict=False))
    assert passage.passage.text[start:end] == "1,949"
    assert made["score"] == candidates[0][2]
    assert 0.5 < made["likeness"] < 1
    assert made["days off"] == pytest.approx(math.log(4))
    assert (made["kind"], made["words"], made["length"]) == (0.0, 0.75, 0.0)
    assert len(own) + len(of_search(passage, 0) or ()) == len(NAMES)


def test_a_title_without_end_hides_no_sentence() -> None:
    reader, question = SpanReader(), "Who bought the brewery?"
    bodies = ("Marta Olivares bought the brewery.", "Marta Olivares bought the cinema.")
    hits = [hit(n, body, title="All of the news " * 60) for n, body in enumerate(bodies)]
    found = reader.evidence(question, reader.candidates(question, hits))
    like = {hit.passage.id: spans[0][2][NAMES.index("likeness")] for hit, spans in found}
    assert like[0] > like[1] + 0.05


def test_likeness_is_asked_for_only_where_it_can_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    told = hit(0, "In all 1,949 soldiers came to Tijuana.")
    others = [hit(n, f"The bakery on pier {n} sells bread and cakes.") for n in range(1, 8)]
    embedded: list[str] = []
    encode = MiniLM.encode

    def counted(self: MiniLM, texts: Sequence[str]) -> Vectors:
        embedded.extend(texts)
        return encode(self, texts)

    monkeypatch.setattr(MiniLM, "encode", counted)
    spans = reader.read(question, [told, *others])
    assert embedded == [question, "Notes. In all 1,949 soldiers came to Tijuana."]
    assert len(spans) == 8
    assert (spans[0].text, spans[0].hit) == ("1,949", told)
    assert spans[0].probability > 0.5 > spans[1].probability
    embedded.clear()
    reader.read(question, [told, *others[:3]])  # so few are not what a search chose
    assert len(embedded) == 5


def test_what_a_clear_search_puts_far_behind_is_not_read() -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    told = hit(0, "In all 1,949 soldiers came to Tijuana.")
    others = [
        replace(hit(n, f"Some {n},500 soldiers came to Tijuana."), score=n / 10)
        for n in range(1, 8)
    ]
    read = {span.hit.passage.id for span in reader.read(question, [told, *others])}
    assert read == {0, 4, 5, 6, 7}
    # So few are not what a search chose, and those that are given no search has scored.
    assert len(reader.read(question, [told, *others[:3]])) == 4
    assert len(reader.near([replace(one, ranks={}) for one in (told, *others)])) == 8

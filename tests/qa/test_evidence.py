"""Evidence for a span: what it is made of."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from corpus import Article
from index import Hit, Passage
from index.chunk import sentences
from qa.confidence import MODEL_FOLDER
from qa.evidence import GIVEN, NAMES, OF_SPAN, SKIMMED, of_search, of_span
from qa.network import Logits, Network, Row, best_span
from qa.read import Pointed, Span, SpanReader, worth_reading


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
        ("When was it built?", "78 miles per hour", False),
        ("When was it built?", "the pier", False),
        ("How many came?", "1,949", True),
        ("How many came?", "the first of them", False),
        ("Who came?", "Marta Olivares", True),
        ("Who came?", "operators", False),
        ("What came?", "operators", True),
        ("How long is the pier?", "20 mi", True),
        ("How long is the pier?", "the timid", False),
    ],
)
def test_a_span_is_of_the_kind_asked_for_or_not(question: str, span: str, fits: bool) -> None:
    sentence = f"It was {span}."
    made = of_span(0.0, question, hit(0, sentence), span, sentence)
    assert made[OF_SPAN.index("kind")] == (0.0 if fits else -1.0)


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
    (skimmed,) = reader.skim(question, [passage])
    (read,) = reader.reread(question, [skimmed])
    searched = of_search(passage, 0)
    assert searched is not None
    for one, names in ((skimmed, SKIMMED), (read, NAMES)):
        made = dict(zip(names, one.evidence(searched), strict=True))
        assert passage.passage.text[one.start : one.end] == "1,949"
        parts = sentences(one.hit.passage.text)
        assert made["score"] == best_span(one.logits, one.row, parts)[2]
        assert made["days off"] == pytest.approx(math.log(4))
        assert (made["kind"], made["words"], made["length"]) == (0.0, 0.75, 0.0)
        assert (made["search"], made["first"]) == (passage.score, 1.0)
        assert 0.5 < made.get("likeness", 0.6) < 1
    assert len(read.evidence(())) == len(GIVEN)


def test_a_span_stays_within_its_sentence() -> None:
    text = "Some 17 died.\n\nShe carried 180."
    words = [(m.start(), m.end()) for m in re.finditer(r"\w+", text)]
    row = Row([0] * (len(words) + 3), 1, 2, words)
    # The one network begins at "17", the other one ends at "180".
    start, end = np.full((2, len(row.ids)), -9, dtype=np.float32)
    start[2 + 1], end[2 + 1], end[2 + 5] = 5, 1, 4
    first, last, score = best_span(Logits(start, end, 0.0), row, sentences(text))
    assert (text[first:last], score) == ("17", 6.0)


def test_the_large_network_counts_for_more() -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    (skimmed,) = reader.skim(question, [hit(0, "In all 1,949 soldiers came to Tijuana.")])
    (large,) = Network(MODEL_FOLDER / "read.onnx").logits([skimmed.row])
    (read,) = reader.reread(question, [skimmed])
    assert read.row == skimmed.row
    assert read.logits.none == pytest.approx(0.3 * skimmed.logits.none + 0.7 * large.none)
    for side in ("start", "end"):
        small, its, both = (getattr(one, side) for one in (skimmed.logits, large, read.logits))
        assert both == pytest.approx(0.3 * small + 0.7 * its, abs=1e-5)


def test_the_large_network_reads_the_sentences_around_the_answer() -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    told = "In all 1,949 soldiers came to Tijuana."
    others = [f"The bakery on pier {n} sold bread, cakes and warm soup." for n in range(20)]
    passage = " ".join([*others[:10], told, *others[10:]])
    one, short, long = reader.reread(
        question,
        reader.skim(
            question,
            [
                hit(0, passage),
                hit(1, f"{others[0]} {told}"),
                hit(2, f"{others[0]} In all, {'very, ' * 120}very many, 1,949 soldiers, came."),
            ],
        ),
    )
    start = passage.index("1,949")
    assert (one.start, one.end) == (start, start + 5)  # its place is that in the whole passage
    first, last = one.row.offsets[0][0], one.row.offsets[-1][1]
    assert 60 < len(one.row.offsets) <= 96
    assert passage[first:last].startswith("The bakery") and passage[first:last].endswith("soup.")
    assert first < start - 100 and last > start + 100
    assert len(one.row.ids) == len(one.logits.start) == one.row.first + len(one.row.offsets) + 1
    # All of a short passage, and of a long sentence.
    assert short.row.offsets[-1][1] == len(short.hit.passage.text)
    assert len(long.row.offsets) > 240


def test_a_title_without_end_hides_no_sentence() -> None:
    reader, question = SpanReader(), "Who bought the brewery?"
    bodies = ("Marta Olivares bought the brewery.", "Marta Olivares bought the cinema.")
    hits = [hit(n, body, title="All of the news " * 60) for n, body in enumerate(bodies)]
    first, second = reader.reread(question, reader.skim(question, hits))
    assert first.likeness is not None and second.likeness is not None
    assert first.likeness > second.likeness + 0.05


def test_both_networks_read_only_what_may_hold_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    told = hit(7, "In all 1,949 soldiers came to Tijuana.")
    others = [hit(n, f"The bakery on pier {n} sells bread and cakes.") for n in range(7)]
    again: list[list[int]] = []
    reread = SpanReader.reread

    def counted(self: SpanReader, question: str, skimmed: Sequence[Pointed]) -> list[Pointed]:
        again.append([one.hit.passage.id for one in skimmed])
        return reread(self, question, skimmed)

    monkeypatch.setattr(SpanReader, "reread", counted)
    spans = reader.read(question, [*others, told])
    assert len(spans) == 8
    assert (spans[0].text, spans[0].hit) == ("1,949", told)
    assert spans[0].probability > 0.5 > spans[1].probability
    assert again[0] == [7]
    reader.read(question, [*others[:5], told])  # so few are not what a search chose
    assert len(again[1]) == 6
    SpanReader(read_all=True).read(question, [*others, told])
    assert len(again[2]) == 8


def test_how_many_both_networks_read() -> None:
    def read(*probabilities: float) -> set[int]:
        skimmed = [Span(hit(n, "Rain."), 0, 4, p) for n, p in enumerate(probabilities)]
        return worth_reading("Where did it rain?", skimmed)

    assert read() == set()
    assert read(0.001, 0.0001) == {0}  # that nothing is found rests on both, too
    assert read(0.9, 0.019) == {0}
    assert read(0.9, 0.02, 0.02) == {0, 1}
    assert read(*[0.5] * 12) == {0, 1}


def test_what_the_same_outlet_says_later_is_read_too() -> None:
    """It may give the new figure, of which the small network alone is too unsure."""

    def told(number: int, outlet: str, day: int, probability: float) -> Span:
        found, on = hit(number, "In all 12."), datetime(2025, 2, day, tzinfo=UTC)
        article = replace(found.article, outlet=outlet, published=on)
        return Span(replace(found, article=article), 7, 9, probability)

    spans = [
        told(0, "The Herald", 5, 0.9), told(1, "Post", 5, 0.8), told(2, "Post", 9, 0.7),
        told(3, "Herald", 4, 0.6), told(4, "Herald", 8, 0.2), told(5, "Herald", 9, 0.1),
    ]  # fmt: skip
    assert worth_reading("How many were hurt?", spans) == {0, 1, 5}
    assert worth_reading("Who was hurt?", spans) == {0, 1}
    assert worth_reading("How many were hurt?", [*spans[:4], told(4, "Herald", 9, 0.09)]) == {0, 1}


def test_what_a_clear_search_puts_far_behind_is_not_read() -> None:
    reader, question = SpanReader(), "How many soldiers came to Tijuana?"
    told = hit(0, "In all 1,949 soldiers came to Tijuana.")
    others = [
        replace(hit(n, f"Some {n},500 soldiers came to Tijuana."), score=n / 25)
        for n in range(1, 8)
    ]
    read = {span.hit.passage.id for span in reader.read(question, [told, *others])}
    assert read == {0, 4, 5, 6, 7}
    # So few are not what a search chose, and those that are given no search has scored.
    assert len(reader.read(question, [told, *others[:3]])) == 4
    assert len(reader.near([replace(one, ranks={}) for one in (told, *others)])) == 8

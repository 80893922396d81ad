"""Passages: exact offsets, nothing lost, never too long for the embedder."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import SAMPLES, Article, load
from index.chunk import ChunkSettings, chunk, sentences
from index.derived import context
from index.embed import WINDOW, load_tokenizer
from index.passage import Passage
from index.pieces import WordPieces

TOKENIZER = load_tokenizer()
PIECES = WordPieces(TOKENIZER)
ARTICLES = [item for item in load([SAMPLES]) if isinstance(item, Article)]

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=600)


def tokens(text: str) -> int:
    return len(TOKENIZER.encode(text, add_special_tokens=False).ids)


@given(words, st.integers(5, 60), st.integers(0, 20))
def test_any_text_is_covered_without_gaps(text: str, limit: int, overlap: int) -> None:
    spans = chunk(text, PIECES, ChunkSettings(limit, overlap))
    covered = {n for start, end in spans for n in range(start, end)}
    assert {n for n, c in enumerate(text) if not c.isspace() and c.isalnum()} <= covered
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a.title[:20])
def test_passages_are_whole_sentences_within_the_window(article: Article) -> None:
    borders = sentences(article.body)
    for start, end in chunk(article.body, PIECES):
        assert start in {a for a, _ in borders} and end in {b for _, b in borders}
        text = article.body[start:end]
        assert tokens(text) <= ChunkSettings().max_tokens
        embedded = context(Passage(1, article.id, start, end, text), article)
        assert tokens(embedded) + 2 <= WINDOW


def test_passages_overlap_by_whole_sentences() -> None:
    body = " ".join(f"Sentence number {n} says something short." for n in range(60))
    spans = chunk(body, PIECES)
    assert len(spans) > 2
    for (_, end), (start, _) in pairwise(spans):
        assert 0 < end - start < 240
        assert body[start:].startswith("Sentence number")


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    body = "word " * 1000
    spans = chunk(body, PIECES)
    assert all(tokens(body[a:b]) <= 200 for a, b in spans)
    assert all(body[a:b].startswith("word") and body[a:b].endswith("word") for a, b in spans)


@pytest.mark.parametrize(
    "text",
    ["Lt. Gov. Ann Lee met U.S. officials at 5 p.m. Monday. She left.",
     'The U.S. Army Corps (est. 1775) said: "No." Mr. Smith agreed.'],
)  # fmt: skip
def test_sentences_do_not_end_at_abbreviations(text: str) -> None:
    found = [text[a:b] for a, b in sentences(text)]
    assert not any(s.endswith((" Lt.", " Gov.", "U.S.", "Mr.")) for s in found)


def test_a_time_of_day_goes_on_with_its_day() -> None:
    text = "He sings at 7 p.m. Saturday in Ft. Worth. Doors open at 6 p.m. Then it begins."
    vance = "His mate is J.D. Vance, says Rep. Will Hurd."
    assert sentences(f"{vance} He won.") == [(0, len(vance)), (len(vance) + 1, len(vance) + 8)]
    found = [text[a:b] for a, b in sentences(text)]
    assert found == [
        "He sings at 7 p.m. Saturday in Ft. Worth.", "Doors open at 6 p.m.", "Then it begins."
    ]  # fmt: skip


def test_repeated_sentences_keep_their_own_places() -> None:
    assert sentences("It held. It held. It held.") == [(0, 8), (9, 17), (18, 26)]

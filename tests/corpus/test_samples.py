"""The sample articles are what the README says they are."""

from __future__ import annotations

import re
from collections import Counter

from corpus import SAMPLES, Article, load
from corpus.copies import containment, group_copies, shingles

ARTICLES = [item for item in load([SAMPLES]) if isinstance(item, Article)]


def test_there_are_enough_of_the_right_length() -> None:
    assert len(ARTICLES) >= 12
    assert all(150 <= len(re.findall(r"\S+", a.body)) <= 500 for a in ARTICLES)


def test_every_one_is_labelled_as_invented_and_dated() -> None:
    assert all(a.outlet.endswith("(invented)") for a in ARTICLES)
    assert all(a.published and a.authors and a.url for a in ARTICLES)
    assert all(".example/" in a.url for a in ARTICLES)
    assert len(Counter(a.outlet for a in ARTICLES)) >= 5


def test_the_public_facts_are_there() -> None:
    text = "\n".join(a.body for a in ARTICLES)
    for fact in ("10,000", "1,949", "1,650", "2,500", "1,500", "1.3 billion"):
        assert fact in text


def test_just_one_is_a_near_copy_of_another() -> None:
    heads = group_copies({a.title: a.body for a in ARTICLES})
    copies = [title for title, head in heads.items() if title != head]
    assert len(copies) == 1


def test_containment_counts_shared_runs_of_words() -> None:
    a, b = shingles("one two three four five six"), shingles("zero one two three four five")
    assert len(a) == len(b) == 2
    assert containment(a, b) == 0.5

"""Pasted text: the article's own lines stay, the page's go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import clean

PASTED = """Top StoryWorld

Dam holds as river rises

Dam holds as river rises

Mara Lindt
Mara Lindt  |  February 05, 2025 1:45 PM
AP Photo/Jon Doe

The dam above Orra held on Tuesday. Engineers had feared the worst.

Key points

• The river rose four meters.
• Nobody was hurt.

Sources:

  1. Water office, daily report
  2. Town of Orra | statement

Tags: DAM ORRA RIVER

How useful was this article?

Click on a star to rate it!

Previous Article
Something else entirely
Leave a Reply

Your email address will not be published. Required fields are marked *
"""


def test_a_pasted_page_becomes_an_article() -> None:
    found = clean(PASTED)
    assert found.title == "Dam holds as river rises"
    assert found.authors == ("Mara Lindt",)
    assert found.published == datetime(2025, 2, 5, 13, 45, tzinfo=UTC)
    assert found.paragraphs == [
        "The dam above Orra held on Tuesday. Engineers had feared the worst.",
        "Key points",
        "The river rose four meters.",
        "Nobody was hurt.",
    ]
    assert found.references == ("Water office, daily report", "Town of Orra | statement")
    for noise in ("Leave a Reply", "useful", "star", "Something else", "Tags", "AP Photo", "Mara"):
        assert noise not in found.body


def test_sources_are_kept_apart_from_the_body() -> None:
    text = (
        "A title\n\nThe body says something.\n\nSources:\n\n  1. One report\n  2. Another | Paper"
    )
    found = clean(text)
    assert found.references == ("One report", "Another | Paper")
    assert found.body == "The body says something."


def test_a_headline_glued_to_the_text_is_cut() -> None:
    parts = ("Dam holds", "Newsdaily", "Orra DC", "Mara Lindt", "Late Edition", "The dam held.")
    found = clean("Dam holds\n" + " \\ ".join(parts))
    assert (found.title, found.outlet, found.authors) == ("Dam holds", "Newsdaily", ("Mara Lindt",))
    assert found.body == "The dam held."


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Mara Lindt", ("Mara Lindt",)),
        ("BY Mara Lindt and Jon de la Cruz", ("Mara Lindt", "Jon de la Cruz")),
        ("By Mara Lindt, Staff Writer", ("Mara Lindt",)),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    found = clean(f"Dam holds\n\n{line}\n\nThe dam held on Tuesday.")
    assert found.authors == authors
    assert found.body == "The dam held on Tuesday."


def test_a_dateline_names_the_agency_and_stays() -> None:
    found = clean("Dam holds\n\nPARIS (Agence Test) - The dam held.")
    assert found.outlet == "Agence Test"
    assert found.body.startswith("PARIS (Agence Test)")


def test_prose_that_mentions_page_words_stays() -> None:
    body = "The menu at the shelter was soup. Share prices fell by a fifth. By Tuesday it was over."
    assert clean(f"Soup and shares\n\n{body}").body == body


@pytest.mark.parametrize(
    "sentence",
    [
        "Copyright lawyers expect three billion crowns in claims.",
        "By Labor Day, prices had fallen by a fifth.",
    ],
)
def test_a_sentence_that_begins_like_a_line_of_the_page_stays(sentence: str) -> None:
    found = clean(f"Soup and shares\n\n{sentence}\n\nNobody had expected it of them.")
    assert found.paragraphs[0] == sentence and not found.authors


@pytest.mark.parametrize("line", ["Copyright Orra Post Ltd", "Copyright 2025", "© Orra Post"])
def test_who_owns_the_text_is_no_part_of_it(line: str) -> None:
    assert line not in clean(f"Dam holds\n\nThe dam held on Tuesday.\n\n{line}").body


@pytest.mark.parametrize("line", ["Sign up for our Morning Briefing newsletter", "Related"])
def test_a_line_of_the_page_between_paragraphs_does_not_end_the_article(line: str) -> None:
    told = [f"The dam held on day {n} of the flood, said the mayor." for n in range(6)]
    assert clean("\n\n".join(["Dam holds", *told[:3], line, *told[3:]])).paragraphs == told
    ending = ["Dam holds", *told, line, "Ten cakes to bake", "A goat wins the vote"]
    assert clean("\n\n".join(ending)).paragraphs == told


def test_a_text_that_starts_with_prose_loses_nothing() -> None:
    text = "The dam held on Tuesday, said the mayor.\nNobody was hurt."
    found = clean(text)
    assert found.paragraphs == text.split("\n")
    assert found.title == "The dam held on Tuesday, said the mayor."


@given(st.text(max_size=2000))
def test_any_text_is_survived(text: str) -> None:
    found = clean(text)
    assert all(p.strip() for p in found.paragraphs)


def test_outlet_and_date_under_the_byline() -> None:
    prose = "The ferry sank on Tuesday with many people on board, the ministry said."
    found = clean(
        f"Ferry sinks off Lima\n\nBy Sam Whitlock\nAssociated News\nFebruary 20, 2026\n\n{prose}"
    )
    assert (found.outlet, found.authors) == ("Associated News", ("Sam Whitlock",))
    assert found.published == datetime(2026, 2, 20, tzinfo=UTC)
    assert found.paragraphs == [prose]
    job = clean(f"Ferry sinks\n\nBy Sam Whitlock\nStaff Writer\nFebruary 20, 2026\n\n{prose}")
    assert (job.outlet, job.published) == ("", datetime(2026, 2, 20, tzinfo=UTC))


def test_labelled_lines_at_the_top_are_what_they_say() -> None:
    prose = "The ferry sank on Tuesday with many people on board, the ministry said."
    found = clean(f"Title: Ferry sinks\nOutlet: Daily Tide\nDate: 20 Feb 2026\n\n{prose}")
    assert (found.title, found.outlet, found.body) == ("Ferry sinks", "Daily Tide", prose)
    assert found.published == datetime(2026, 2, 20, tzinfo=UTC)
    assert clean(f"Source: the dam had leaked\n\n{prose}").title == "Source: the dam had leaked"
    spoken = "Publisher: We lost money.\nAuthor: I know.\nPublisher: You will be paid."
    assert "You will be paid" in clean(f"{spoken}\n\n{prose}").body

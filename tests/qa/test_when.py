"""The time a question is about, and what it does to the order of what is found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus import Article
from index import Filters
from qa import Engine
from qa.when import period

NEWEST = datetime(2025, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Who won this week?", "2025-02-06", "2025-02-22"),
        ("What happened yesterday in Rome?", "2025-02-16", "2025-02-22"),
        ("Who is currently the mayor?", "2025-01-21", "2025-02-22"),
        ("What was opened in January?", "2025-01-01", "2025-02-10"),
        ("What was opened in March?", "2024-03-01", "2024-04-10"),
        ("Who resigned in May 2023?", "2023-05-01", "2023-06-10"),
        ("Who resigned on May 4, 2023?", "2023-05-01", "2023-06-10"),
        ("How many came in 2024?", "2024-01-01", "2025-01-10"),
        ("How many came in the summer of 2024?", "2024-01-01", "2025-01-10"),
        ("Who won on 5 March 2024?", "2024-03-01", "2024-04-10"),
        ("How many have died since March?", "2024-03-01", "2025-02-22"),
        ("How many came in 2023? And in 2024?", "2024-01-01", "2025-01-10"),
        ("How many came in January? What about 2024?", "2024-01-01", "2025-01-10"),
        ("What happened in March 9999?", "2024-03-01", "2024-04-10"),
        ("Who was hurt on Feb. 5?", "2025-02-01", "2025-03-10"),
        ("What fell in Sept. 2024?", "2024-09-01", "2024-10-10"),
        ("What fell on March 5th, 2023?", "2023-03-01", "2023-04-10"),
        ("What will be opened in March?", "2025-01-06", "2025-02-22"),
    ],
)
def test_a_question_that_names_a_time(question: str, first: str, last: str) -> None:
    found = period(question, None, NEWEST)
    assert found and found.after and found.before
    assert (found.after.date().isoformat(), found.before.date().isoformat()) == (first, last)


@pytest.mark.parametrize("question", [
    "who may march?", "Who won in Maribor?", "What was in Mar-a-Lago?",
    "Who is Jan Berg?",
    "who is the mayor?", "is it 2024 people?", "which of 2000 staff left?",
])  # fmt: skip
def test_a_question_that_names_none(question: str) -> None:
    assert period(question, None, NEWEST) is None
    told = period(question, datetime(2024, 7, 15, tzinfo=UTC), NEWEST)
    assert told and told.after and told.after.date().isoformat() == "2024-07-01"


def test_articles_of_that_time_come_first_and_none_is_lost(tmp_path: Path) -> None:
    def race(year: int, winner: str) -> Article:
        body = f"{winner} won the harbour race on Sunday ahead of forty others, the club said."
        moment = datetime(year, 6, 10, tzinfo=UTC)
        return Article.create(title="Harbour race", body=body, published=moment)

    with Engine.open(tmp_path, samples=False) as engine:
        engine.archive.add([race(2021, "Ada Holm"), race(2022, "Bo Lund"), race(2023, "Cy Berg")])
        for year in (2021, 2022, 2023):
            hits = engine.search(f"Who won the harbour race in {year}?")
            assert len(hits) == 3
            assert hits[0].article.published and hits[0].article.published.year == year
        assert "Berg" in engine.search("Who won the harbour race this week?")[0].passage.text
        told = engine.search("Who won the harbour race?", now="2021-06-14")
        assert "Holm" in told[0].passage.text


def test_the_surest_value_is_that_times(tmp_path: Path) -> None:
    winners = dict(enumerate(
        "Ada Holm,Bo Lund,Cy Berg,Di Falk,Ed Moe,Flo Vik,Gus Dahl,Hal Ness,Ida Ruud,Jo Strand"
        .split(","), 2014,
    ))  # fmt: skip

    def race(year: int, winner: str) -> Article:
        body = f"{winner} won the harbour race on Sunday, the club said in {winner[:2]}ville."
        moment = datetime(year, 6, 10, tzinfo=UTC)
        return Article.create(title="Harbour race", body=body, published=moment)

    with Engine.open(tmp_path, samples=False) as engine:
        engine.archive.add([race(year, winner) for year, winner in winners.items()])
        for year, winner in winners.items():
            question, now = "Who won the race?", f"{year}-06-14"
            spans = engine.reader.read(question, engine.search(question, 12, now=now))
            assert spans[0].text == winner
            assert engine.ask(question, now=now).short in (winner, "")


@pytest.mark.parametrize(
    ("published", "days"),
    [("2024-03-01", 0), ("2024-03-31", 0), ("2024-02-29", 1), ("2024-04-10", 10), (None, 30)],
)
def test_days_from_the_time_that_is_meant(published: str | None, days: int) -> None:
    march = Filters(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 31, tzinfo=UTC))
    moment = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    assert march.days_off(moment) == days
    assert Filters(outlets=("Metro",)).days_off(moment) == 0


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_survived(year: int) -> None:
    now = datetime(year, 12, 31, tzinfo=UTC)
    for question in ("who won?", "who won this week?", "what was opened in March?"):
        assert period(question, now, None)

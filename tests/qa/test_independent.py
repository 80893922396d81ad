"""Independent sources: who has a value from another outlet is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spans import span

from qa.independent import independent
from qa.question import Kind

FIRST = span("The bridge cost $48 million.", "$48 million", "Harbor Herald", 3)


@pytest.mark.parametrize(
    ("body", "sources"),
    [
        ("It cost $48 million, the mayor said.", 2),
        ("It cost $48 million, he told the Herald.", 1),
        ("Speaking to the Harbor Herald, she put it at $48 million.", 1),
        ("In an interview with the Herald she said $48 million.", 1),
        ("The Herald, which first had the figure, says $48 million.", 1),
        ("It cost $48 million, the Harbor Herald has reported.", 1),
        ("It cost $48 million, he told the Courier.", 2),
        ("A herald cried that it cost $48 million.", 2),
    ],
)
def test_an_outlet_that_names_another_has_it_from_there(body: str, sources: int) -> None:
    other = span(body, "$48 million", "City Gazette", 4)
    assert len(independent(Kind.HOW_MUCH, [FIRST, other])) == sources


def test_what_is_said_of_an_outlet_in_brackets_is_no_part_of_its_name() -> None:
    first = span("The bridge cost $48 million.", "$48 million", "The Orra Wire (invented)", 3)
    other = span("It cost $48 million, the Orra Wire reported.", "$48 million", "Gazette", 4)
    assert len(independent(Kind.HOW_MUCH, [first, other])) == 1


def test_two_that_have_it_from_a_third_are_one() -> None:
    both = [
        span("It cost $48 million, the Courier reported.", "$48 million", "A Times", 4),
        span("According to the Courier it cost $48 million.", "$48 million", "B Post", 4),
    ]
    assert len(independent(Kind.HOW_MUCH, both)) == 1


def test_near_copies_bring_their_outlets() -> None:
    wire = span("It cost $48 million in all.", "$48 million", "Global Wire", 2)
    folded = replace(FIRST, hit=replace(FIRST.hit, copies=(wire.hit.article,)))
    again = span("So the bridge cost $48 million.", "$48 million", "Global Wire", 6)
    assert len(independent(Kind.HOW_MUCH, [folded, again])) == 1
    assert len(independent(Kind.HOW_MUCH, [FIRST, again])) == 2


@pytest.mark.parametrize(
    ("kind", "first", "second", "sources"),
    [
        (Kind.WHEN, "June 28", "in June", 1),
        (Kind.WHEN, "June 28", "June 28, 2024", 2),
        (Kind.WHEN, "6:30 p.m. Wednesday", "on Wednesday", 1),
        (Kind.WHEN, "6:30 p.m. Wednesday", "6.30pm on Wednesday", 2),
        (Kind.WHERE, "near Elko, Nevada", "Nevada", 1),
        (Kind.WHERE, "near Elko, Nevada", "Elko", 2),
    ],
)
def test_who_tells_it_less_exactly_does_not_tell_it(
    kind: Kind, first: str, second: str, sources: int
) -> None:
    pairs = zip((first, second), ("A", "B"), strict=True)
    spans = [span(f"It was {text}.", text, outlet, 3) for text, outlet in pairs]
    assert len(independent(kind, spans)) == sources

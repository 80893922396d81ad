"""A later figure of an outlet replaces the one before; one of something else does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from spans import span

from corpus import Article
from qa.agree import leading
from qa.question import Kind
from qa.supersede import replaces


@pytest.mark.parametrize(
    ("later", "value", "replaced"),
    [
        ("The quake killed 312 people, officials said.", "312", True),
        ("By Friday it was 312, compared with 90 in 2019.", "312", True),
        ("The valley's quake of 1998 killed 312 people.", "312", False),
        ("An earlier quake, in 2011, killed 312 people.", "312", False),
        ("A quake ten years ago killed 312 people.", "312", False),
        ("In Marsh County alone it killed 312 people.", "312", False),
        ("The quake killed 312 people in Marsh County.", "312", False),
        ("In Marsh County 312 people died.", "312", False),
        ("The earlier count was 312.", "312", False),
        ("The survey put it at 312, the institute at 163.", "312", False),
    ],
)
def test_only_the_same_figure_is_replaced(later: str, value: str, replaced: bool) -> None:
    first = span("The quake in the valley killed 163 people.", "163", "Herald", 3)
    assert replaces(Kind.HOW_MANY, span(later, value, "Herald", 5), first) is replaced


@pytest.mark.parametrize(
    ("later", "value", "replaced"),
    [
        ("The death toll rose to 17 from nine.", "17", True),
        ("The death toll rose from nine to 17.", "17", True),
        ("It is 17, up from nine.", "17", True),
        ("It is 17, not nine as police say.", "17", False),
        ("The death toll is 17.", "17", False),
    ],
)
def test_any_outlet_may_tell_that_a_figure_has_changed(
    later: str, value: str, replaced: bool
) -> None:
    first = span("At least nine people died.", "At least nine", "AP", 6)
    by = span(later, value, "Reuters", 7)
    assert replaces(Kind.HOW_MANY, by, first) is replaced
    before = span(later, value, "Reuters", 5)
    assert not replaces(Kind.HOW_MANY, before, first)


def test_what_it_costs_a_day_is_no_earlier_sum() -> None:
    first = span("It costs $400,000 a day.", "$400,000 a day", "AP", 4)
    assert not replaces(Kind.HOW_MUCH, span("It cost $3 million.", "$3 million", "AP", 9), first)


def test_a_near_copy_counts_as_what_it_is_of() -> None:
    first = span("The ferry sank, killing 31 people.", "31", "Harbor Herald", 3)
    wire = Article.create(title="Wire", body="The ferry sank, killing 31.", outlet="Global Wire",
                          published=datetime(2025, 2, 3, tzinfo=UTC))  # fmt: skip
    folded = replace(first, hit=replace(first.hit, copies=(wire,)))
    later = span("The ferry killed 38 people.", "38", "Global Wire", 5)
    assert not replaces(Kind.HOW_MANY, later, first)
    assert replaces(Kind.HOW_MANY, later, folded)


def test_what_was_told_at_first_is_asked_for() -> None:
    first = span("It bid $4.1 billion.", "$4.1 billion", "Herald", 4)
    later = span("It bid $4.7 billion.", "$4.7 billion", "Herald", 14, 0.95)
    for question, leads in (
        ("How much did it bid?", "$4.7 billion"),
        ("How much did it bid at first?", "$4.1 billion"),
        ("How much did it originally bid?", "$4.1 billion"),
    ):
        agreed, _ = leading(question, [later, first], 0.4)
        assert (agreed[0].spans[0].text, agreed[0].superseded) == (leads, False)


@pytest.mark.parametrize(
    ("earlier", "later", "follows"),
    [
        ("2025-03-04T08:00+00:00", "2025-03-04T00:00+00:00", False),  # a day without its time
        ("2025-03-04T00:00+00:00", "2025-03-04T08:00+00:00", False),
        ("2025-03-03T00:00+00:00", "2025-03-04T08:00+00:00", True),
        ("2025-03-03T22:30-05:00", "2025-03-04T06:00+01:00", True),
        ("2025-03-04T02:00+01:00", "2025-03-03T23:30-05:00", True),  # 1 and 4:30 by UTC
    ],
)
def test_which_of_two_articles_is_later(earlier: str, later: str, follows: bool) -> None:
    first, second = (
        Article.create(title=t, body="It held.", outlet="Post", published=datetime.fromisoformat(t))
        for t in (earlier, later)
    )
    assert second.follows(first) is follows


def test_a_page_touched_months_later_tells_no_later_news() -> None:
    day = datetime(2025, 3, 1, tzinfo=UTC)
    old = Article.create(title="1", body="11 died.", outlet="Post", published=day,
                         updated=datetime(2025, 6, 1, tzinfo=UTC))  # fmt: skip
    new = Article.create(title="2", body="29 died.", outlet="Post", published=day.replace(day=4))
    assert new.follows(old) and not old.follows(new)

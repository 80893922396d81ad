"""How an article stands to a value: it says it, denies it, or tells what was said before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spans import span

from qa.agree import agree, leading
from qa.conclude import conclude
from qa.question import Kind
from qa.read import Span
from qa.settings import Settings
from qa.standing import Standing, standing


@pytest.mark.parametrize(
    ("body", "stands"),
    [
        ("At least 400 people died in the flood.", Standing.SAID),
        ("Reports that 400 people died in the flood were false.", Standing.DENIED),
        ("The claim that 400 people died in the flood is untrue, he said.", Standing.DENIED),
        ("“It is a lie that 400 people died in the flood,” he said.", Standing.DENIED),
        ("The agency rejected the figure of 400 dead.", Standing.DENIED),
        ("There is no evidence that 400 people died.", Standing.DENIED),
        ("Correction: An earlier version of this article said that 400 people, all of them in the "
         "north of the country, had died.", Standing.DENIED),
        ("The Herald wrongly reported that 400 people had died.", Standing.DENIED),
        ("The toll was up from 400 on Monday.", Standing.RETOLD),
        ("Last week we wrote that there were 400.", Standing.RETOLD),
        ("The company's earlier offer was 400 million.", Standing.RETOLD),
        ("Police put it at 400 at first.", Standing.RETOLD),
        ("It was initially thought that 400 had died.", Standing.RETOLD),
        ("The virus first reached the city in May, infecting 400.", Standing.SAID),
        ("It was originally opened with 400 seats.", Standing.SAID),
        ("Officials rejected a claim of fraud and said 400 people voted.", Standing.SAID),
        ("Claims that 400 died were confirmed, but the report was wrong.", Standing.SAID),
        ("The parliament rejected raising the fee to 400 crowns.", Standing.SAID),
        ("The city denied reports of neglect after 400 people died.", Standing.SAID),
        ("No one disputes a report by the city: 400 died.", Standing.SAID),
    ],
)  # fmt: skip
def test_what_an_article_does_with_a_figure(body: str, stands: Standing) -> None:
    assert standing(Kind.HOW_MANY, span(body, "400", "Herald", 3)) is stands


def answer(question: str, *spans: Span) -> str:
    hits = [one.hit for one in spans]
    return conclude(question, question, hits, spans, Settings()).text


ASKED = "How many people died in the flood?"


def test_who_denies_a_figure_is_quoted_and_counts_for_nothing() -> None:
    text = answer(
        ASKED,
        span("The flood killed 400 people, the opposition said.", "400", "Herald", 3),
        span("Reports that 400 people died were false, he said.", "400", "Post", 4, 0.8),
    )
    assert text.endswith(
        "400 [1]. Another says: “Reports that 400 people died were false, he said.” [2]."
    )


def test_what_an_outlet_corrected_is_not_answered_with() -> None:
    withdrawn = span("An earlier version of this story said that 19 had died.", "19", "Post", 4)
    assert leading(ASKED, [withdrawn], 0.4) == ([], 0.0)


def test_an_old_figure_does_not_come_back_because_it_is_retold() -> None:
    found = agree(
        Kind.HOW_MUCH,
        [
            span("Its earlier bid was $4.1 billion.", "$4.1 billion", "Ledger", 24, 0.95),
            span("It raised the bid to $4.7 billion.", "$4.7 billion", "Ledger", 23),
        ],
    )
    assert [(g.spans[0].text, g.superseded) for g in found] == [
        ("$4.7 billion", False), ("$4.1 billion", True),
    ]  # fmt: skip


def test_what_was_so_originally_is_no_old_figure() -> None:
    opened = span("The station was originally opened on May 4, 1932.", "May 4, 1932", "A", 3)
    hall = span("The station opened its second hall in 1940.", "1940", "B", 3, 0.8)
    agreed, _ = leading("When did the station open?", [opened, hall], 0.4)
    assert [(g.spans[0].text, g.superseded) for g in agreed] == [
        ("May 4, 1932", False), ("1940", False),
    ]  # fmt: skip


def test_who_asks_what_was_denied_is_told() -> None:
    denied = span("He denies murdering four people at a hotel.", "four", "A", 3)
    assert leading("How many people were murdered?", [denied], 0.4) == ([], 0.0)
    agreed, _ = leading("How many people is he accused of murdering?", [denied], 0.4)
    assert agreed[0].spans[0].text == "four"


def test_the_first_count_is_asked_for() -> None:
    first = span("The first count found 9,874 ballots.", "9,874", "A", 3)
    again = span("The recount found 9,870 ballots.", "9,870", "B", 5, 0.75)
    for question, leads in (
        ("How many ballots did the first count find?", "9,874"),
        ("How many ballots were found?", "9,870"),
    ):
        assert leading(question, [first, again], 0.4)[0][0].spans[0].text == leads


def test_a_retracted_article_is_said_to_be_one() -> None:
    dead = span("Actor Lee Marn has died at 71.", "71", "Gazette", 3, 0.99)
    note = "Retraction: This article has been retracted."
    article = replace(dead.hit.article, notes=())
    retracted = type(article).create(title="Marn", body=f"{article.body}\n\n{note}", outlet="G")
    dead = replace(dead, hit=replace(dead.hit, article=retracted))
    note_alone = span(note, "article", "G", 3)
    of_note = replace(note_alone, hit=dead.hit, start=retracted.body.index("This article"))
    of_note = replace(of_note, end=of_note.start + 12)
    assert leading("What was it?", [of_note], 0.4) == ([], 0.0)
    text = answer("How many years old was Lee Marn?", dead)
    assert text == "The articles may say: 71 [1]. Its outlet has retracted this."
    alive = span("Lee Marn, who is 70, is alive.", "70", "Post", 4, 0.7)
    assert answer("How many years old is Lee Marn?", dead, alive) == (
        "The articles may say: 70 [1]. A retracted article says: "
        "“Actor Lee Marn has died at 71.” [2]."
    )


def test_what_an_outlet_takes_back_is_quoted_with_what_is_so() -> None:
    text = answer(
        "How many beds are there?",
        span("The shelters have 860 free beds.", "860", "Tribune", 6),
        span("Last week we wrote that there were 860 beds. There are 640.", "860", "Post", 10, 0.8),
    )
    assert text.endswith(
        "860 [1]. Another says: “Last week we wrote that there were 860 beds. There are 640.” [2]."
    )

"""Near-copies: found as they come in, folded in the results, never at the cost of a figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus import Article
from corpus.copies import bands
from index import Archive

STORY = (
    "The ferry Aurora ran aground off the island of Selm on Monday evening with 214 people aboard. "
    "The coast guard took all passengers off by midnight, and nobody was hurt. The company said "
    "that a fault in the steering gear had been reported the week before. Divers are to look at "
    "the hull on Wednesday, when the wind is expected to ease. Residents of the island offered "
    "beds for the night, and the school was opened for those who found none."
)


def article(title: str, body: str, day: int = 1, outlet: str = "") -> Article:
    moment = datetime(2024, 5, day, tzinfo=UTC)
    return Article.create(title=title, body=body, published=moment, outlet=outlet)


WIRE = article("Ferry aground", STORY, 3, "Wire")
EDITED = article("Ferry runs aground off Selm", STORY.replace("Monday evening", "Monday"), 2, "Day")
CUT = article("Aground", " ".join(STORY.split(". ")[:3]) + ". Ours was there.", 4, "Cut")
OTHER = article("Apples", "Growers in the valley picked fewer apples after a frost in April.", 1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path) as opened:
        yield opened


def test_copies_are_one_story(archive: Archive) -> None:
    archive.add([WIRE, OTHER, EDITED])
    found = archive.stories.of([WIRE.id, EDITED.id, OTHER.id])
    assert found[WIRE.id] == found[EDITED.id] != found[OTHER.id] == OTHER.id


def test_a_copy_that_goes_leaves_the_story(archive: Archive) -> None:
    archive.add([WIRE, EDITED])
    archive.remove([WIRE.id])
    assert archive.stories.of([EDITED.id]) == {EDITED.id: EDITED.id}
    archive.add([CUT])
    found = archive.stories.of([EDITED.id, CUT.id])
    assert found[EDITED.id] == found[CUT.id]


def test_an_article_that_is_a_copy_no_more_leaves_the_story_it_named(archive: Archive) -> None:
    url = "https://a.example/ferry"
    first = Article.create(title="Ferry", body=STORY, url=url)
    archive.add([first])
    archive.add([EDITED, CUT])
    archive.add([Article.create(title="Apples", body=OTHER.body, url=url)])
    found = archive.stories.of([first.id, EDITED.id, CUT.id])
    assert found[EDITED.id] == found[CUT.id] != found[first.id]


def test_an_article_rewritten_is_placed_anew(archive: Archive) -> None:
    def version(body: str) -> Article:
        return Article.create(title="Ferry", body=body, url="https://a.example/ferry")

    rewritten = version("A different text about something else altogether, and short.")
    archive.add([WIRE, version(STORY)])
    archive.add([rewritten])
    found = archive.stories.of([WIRE.id, rewritten.id])
    assert found[WIRE.id] != found[rewritten.id]


def test_results_list_a_story_once_with_its_copies(archive: Archive) -> None:
    archive.add([WIRE, EDITED, OTHER])
    hits = archive.search("who took the passengers off the ferry?")
    assert len(hits) == 2
    assert [copy.id for copy in hits[0].copies] in ([WIRE.id], [EDITED.id])
    assert hits[1].copies == ()


def test_a_short_list_is_the_head_of_a_long_one(archive: Archive) -> None:
    more = [article(f"Ferries {n}", f"Ferry number {n} is aground off Selm.") for n in range(8)]
    archive.add([WIRE, OTHER, EDITED, CUT, *more])
    asked = "Which ferry is aground off the island of Selm?"
    long = archive.search(asked, 10)
    assert any(hit.copies for hit in long)
    for limit in (1, 2, 5):
        assert archive.search(asked, limit) == long[:limit]


def test_a_copy_with_another_figure_is_not_folded_away(archive: Archive) -> None:
    changed = article("Ferry aground, more aboard", STORY.replace("214", "241"), 5, "Late")
    archive.add([WIRE, changed])
    hits = archive.search("how many people were aboard the ferry?")
    assert {hit.article.id for hit in hits} == {WIRE.id, changed.id}
    assert hits[0].story == hits[1].story


@pytest.mark.parametrize(
    "text", ["", "one", "one two three four five", "word " * 5000, "漢字" * 400]
)
def test_any_text_has_as_many_keys(text: str) -> None:
    assert len(bands(text)) == len(set(bands(text))) == 32
    assert bands(text) == bands(text.upper())

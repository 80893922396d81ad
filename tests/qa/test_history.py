"""New versions of an article: the latest answers, the older are kept, and what they outdate."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from conftest import Run, check_exact
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Article, OnRecordError
from index.library import Library
from qa import Engine
from qa.history import Change, difference, stale_answers, steps
from qa.web import render

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "qa" / "schemas" / "answer.schema.json").read_text("utf-8")
)
URL = "https://vale.example/harvest"
FIRST = (
    "Growers in the Orra valley picked 5,300 tons of apples, a third less than last year.\n\n"
    "A frost in April killed the blossom, said Ingrid Holm of the growers' union."
)
SECOND = FIRST.replace("5,300", "4,800") + (
    "\n\nCorrection: An earlier version of this article gave a wrong figure for the harvest."
)
QUESTION = "how many tons of apples were picked?"


def harvest(body: str, title: str = "Apple harvest smallest in years") -> Article:
    return Article.create(title=title, body=body, outlet="Vale Gazette", url=URL)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An archive whose one article was asked about, rated, and then corrected."""
    with Engine.open(tmp_path_factory.mktemp("data"), samples=False) as engine:
        engine.archive.add([harvest(FIRST)])
        answer = engine.ask(QUESTION)
        assert answer.short.startswith("5,300")
        engine.feedback(answer, (), good=True)
        done = engine.archive.add([harvest(SECOND)])
        assert done.changed and not done.added
        yield engine


def test_answers_use_the_latest_and_carry_its_note(corrected: Engine) -> None:
    answer = check_exact(corrected.ask(QUESTION))
    assert answer.short.startswith("4,800")
    jsonschema.validate(answer.as_dict(), SCHEMA)
    (note,) = answer.as_dict()["citations"][0]["notes"]
    assert note["kind"] == "correction" and "wrong figure" in note["text"]
    assert "wrong figure" in render.sources(answer, 1)


def test_notes_are_escaped_on_the_page(tmp_path: Path) -> None:
    body = "The dam of Orra held on Tuesday.\n\nCorrection: <script>alert(1)</script>"
    with Engine.open(tmp_path, samples=False) as engine:
        engine.archive.add([Article.create(title="Dam", body=body)])
        page = render.sources(engine.ask("when did the dam of Orra hold?"), 1)
    assert "&lt;script&gt;" in page and "<script" not in page


def test_the_history_gives_every_version_back(corrected: Engine) -> None:
    (article,) = corrected.articles()
    (step,) = steps(corrected.archive.library, article)
    assert step.version.body == FIRST
    older = "".join(run.text for run in step.body if run.change is not Change.ADDED)
    newer = "".join(run.text for run in step.body if run.change is not Change.REMOVED)
    assert (older, newer) == (FIRST, SECOND)
    assert [run.text for run in step.body if run.change is Change.REMOVED] == ["5,300"]


def test_an_answer_that_rested_on_what_changed_is_found(corrected: Engine) -> None:
    (stale,) = stale_answers(corrected.archive.library)
    assert stale.question == QUESTION and "5,300" in stale.quote and not stale.gone


def test_a_change_of_date_alone_is_no_version(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    library = Library(tmp_path / "library.db")
    library.add(harvest(FIRST), [(0, 10)])
    library.add(
        Article.create(title="Apple harvest smallest in years", body=FIRST, url=URL,
                       updated=datetime(2025, 2, 5, tzinfo=UTC)), [(0, 10)],
    )  # fmt: skip
    (article,) = library.articles()
    assert article.updated and library.versions(article.id) == []
    library.add(harvest(FIRST, "Apple harvest is small"), [(0, 10)])
    assert len(library.versions(article.id)) == 1
    library.remove([article.id])
    assert library.versions(article.id) == []


def test_all_parts_of_an_article_come_back_from_the_library(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    article = Article.create(
        title="T", body=SECOND, outlet="O", authors=("A B",), url=URL, section="Region",
        published=datetime(2025, 2, 4, tzinfo=UTC), updated=datetime(2025, 2, 5, tzinfo=UTC),
        language="en-GB", references=("One",), pages=(0, 90),
    )  # fmt: skip
    library = Library(tmp_path / "library.db")
    library.add(article, [])
    assert library.article(article.id) == article
    assert article.notes and article.language == "en"


def test_a_library_of_an_older_format_is_said_to_be_one(tmp_path: Path) -> None:
    Library(tmp_path / "library.db").close()
    with sqlite3.connect(tmp_path / "library.db") as db:
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(OnRecordError, match=r"its format is 1.*ingest the articles again"):
        Library(tmp_path / "library.db")


@settings(deadline=None)
@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_a_difference_holds_both_texts(older: str, newer: str) -> None:
    runs = difference(older, newer)
    assert "".join(r.text for r in runs if r.change is not Change.ADDED) == older
    assert "".join(r.text for r in runs if r.change is not Change.REMOVED) == newer


def test_the_command_line_shows_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "harvest.json"
    record = {"title": "Apple harvest smallest in years", "url": URL, "outlet": "Vale Gazette"}
    for body in (FIRST, SECOND):
        file.write_text(json.dumps(record | {"body": body}))
        assert run("ingest", str(file)).returncode == 0
    (listed,) = json.loads(run("articles", "list", "--json").stdout)
    assert listed["notes"][0]["kind"] == "correction" and listed["language"] == "en"
    shown = run("articles", "show", listed["article_id"], "--history").stdout
    assert "[-5,300-]{+4,800+} tons of apples" in shown
    history = json.loads(
        run("articles", "show", listed["article_id"], "--history", "--json").stdout
    )
    assert history["history"][0]["body"] == FIRST and history["body"] == SECOND
    changed = json.loads(run("articles", "changed", "--json").stdout)
    assert changed["changed"][0]["versions"] == 2 and changed["stale_answers"] == []
    asked = run("ask", QUESTION)
    assert "4,800" in asked.stdout and "wrong figure for the harvest" in asked.stdout

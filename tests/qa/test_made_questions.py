"""Training questions that are made: of news sentences, of two in a row, and with other names."""

from __future__ import annotations

import json
import lzma
import random
import re
from datetime import date
from pathlib import Path

import pytest

from index.static import Static
from qa.train import written
from qa.train.cloze import ask_about, clause_around, cloze_groups
from qa.train.follow_up import follow_up, lean
from qa.train.mine import own_questions
from qa.train.rename import Names, renamed
from qa.train.sets import Item
from qa.train.written import WRITTEN, key

FIRST = "Mexico sent 1,949 soldiers to the city of Tijuana on a government plane."
SECOND = "The government plane that left Mexico carried 1,949 soldiers, bound for Tijuana city."


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        (
            "The opening of the plant was delayed because the pumps had the wrong fittings.",
            ("Why The opening of the plant was delayed?", "the pumps had the wrong fittings"),
        ),
        (
            "The city protects its beach from the winter storms by piling up sand along it.",
            (
                "How The city protects its beach from the winter storms?",
                "by piling up sand along it",
            ),
        ),
        (
            "Jonathan Maza resigned after the vote in the lower chamber of parliament.",
            ("Who resigned after the vote in the lower chamber of parliament?", "Jonathan Maza"),
        ),
        (
            "Jonathan Maza, a security analyst in the capital, disagrees.",
            ("Who is Jonathan Maza?", "a security analyst in the capital"),
        ),
    ],
)
def test_a_sentence_is_asked_about(sentence: str, asked: tuple[str, str]) -> None:
    made = [ask_about(sentence, random.Random(seed)) for seed in range(20)]
    assert asked in {(one.question, one.answer) for one in made if one}


def test_a_number_is_asked_for_with_what_is_counted() -> None:
    made = [ask_about(FIRST, random.Random(seed)) for seed in range(20)]
    assert {(one.question, one.answer) for one in made if one} == {
        ("How many soldiers Mexico sent to the city of Tijuana on a government plane?", "1,949"),
        ("Mexico sent how many soldiers to the city of Tijuana on a government plane?", "1,949"),
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "He sent 1,949 soldiers to the city of Tijuana on a plane.",  # who?
        "“We sent 1,949 soldiers to the city of Tijuana,” she said.",
        "More: Mexico sends 1,949 soldiers to the city of Tijuana.",
        "Nothing of note happened in the city on that day.",
    ],
)
def test_a_sentence_that_leans_or_tells_no_fact_is_left_alone(sentence: str) -> None:
    assert not any(ask_about(sentence, random.Random(seed)) for seed in range(20))


def test_a_short_clause_takes_in_its_neighbour() -> None:
    sentence = "In all, 1,949 went, while others stayed behind in the barracks."
    start, end = clause_around(sentence, 8, 13)
    assert sentence[start:end] == "1,949 went, while others stayed behind in the barracks."


def test_other_articles_of_the_week_are_asked(tmp_path: Path) -> None:
    fill = [f"Visitors number {n} came to the fair by boat." for n in range(30)]
    rows = [
        {
            "url": f"https://example.com/{n}",
            "title": "",
            "text": text,
            "publish_date": "2024/05/03",
            "week": "20240503",
        }
        for n, text in enumerate([FIRST, SECOND, *fill])
    ]
    with lzma.open(tmp_path / "articles.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    groups = list(cloze_groups(tmp_path, random.Random(3)))
    holding = [item for group in groups for item in group if item.spans]
    texts = {(item.question, item.text) for item in holding if "soldiers Mexico" in item.question}
    assert texts == {
        ("How many soldiers Mexico sent to the city of Tijuana on a government plane?", SECOND)
    }
    assert all(item.text[a:b] == "1,949" for item in holding for a, b in item.spans)
    missing = [item for group in groups for item in group[1:] if not item.spans]
    assert missing
    assert not [item for item in missing if "1,949" in item.text]


def test_a_follow_up_keeps_its_own_answer() -> None:
    item = Item("How old is Maza?", "Maza, 61, resigned.", ((6, 8),), "squad2", "a")
    other = Item("Who resigned?", item.text, ((0, 4),), "squad2", "a")
    assert follow_up(item, [item], random.Random(0)) is None
    made = [follow_up(item, [item, other], random.Random(seed)) for seed in range(20)]
    assert {one.spans for one in made if one} == {item.spans}
    asked = {one.question for one in made if one}
    assert "Who resigned? How old is he?" in asked
    assert all(question.startswith("Who resigned? ") for question in asked)


def test_only_a_name_that_is_known_becomes_a_pronoun() -> None:
    asked = {
        lean("When was Maza’s farm sold?", "Who is Maza?", random.Random(n)) for n in range(20)
    }
    assert "When was his farm sold?" in asked
    assert {lean("Is Maza old?", "Who won?", random.Random(n)) for n in range(9)} == {
        "Is Maza old?"
    }


PEOPLE = ("William", "Charles", "Robert", "Edward", "Richard", "Harold", "Thomas", "Victoria")
PLACES = ("Paris", "London", "Madrid", "Rome", "Vienna", "Lisbon", "Berlin", "Warsaw")


@pytest.fixture(scope="module")
def names() -> Names:
    texts = [f"then {one} came to {other}" for one in PEOPLE for other in PLACES]
    return Names([*texts, "The treaty of the kings. A Treaty. He came to no treaty."], Static())


def test_a_name_gives_way_to_one_of_its_kind(names: Names) -> None:
    assert set(names.near("Paris")[:3]) <= set(PLACES) - {"Paris"}
    assert set(names.near("William")[:3]) <= set(PEOPLE) - {"William"}
    assert "Treaty" not in names.proper and "The" not in names.proper


def test_names_and_figures_are_exchanged_throughout(names: Names) -> None:
    text = "In 1885 William left Paris with 450 men. Of the 450, William lost 31 near Rome in 1886."
    question = "How many men did William lose in 1886?"
    start = text.index("31")
    group = [
        Item(question, text, ((start, start + 2),), "toy", "toy", "William", "2023-05-01"),
        Item(question, "Charles lost no men in 1885.", (), "toy", "toy", "Charles beat Robert"),
    ]
    years = set()
    for seed in range(5):
        first, second = renamed(group, names, random.Random(seed))
        new = first.title
        (counted,) = set(re.findall(r"\b\d{3}\b", first.text))
        lost = re.findall(r"lost (\d+)", first.text)[0]
        year, next_year = re.findall(r"\d{4}", first.text)
        assert new not in group[0].text and first.text.count(new) == 2
        assert (counted, lost) != ("450", "31") and int(next_year) == int(year) + 1
        assert first.question == f"How many men did {new} lose in {next_year}?"
        assert [first.text[a:b] for a, b in first.spans] == [lost]
        assert second.text == f"{second.title.split()[0]} lost no men in {year}."
        assert "Robert" not in second.title and not first.date
        years.add(year)
    assert len(years) > 1


@pytest.mark.parametrize(
    "kept",
    [
        "from 10 to 12 or between 14 and 16",
        "at 10:30 on May 17",
        "for $20, or 20 dollars",
        "in the 1990s and in 1994",
        "in 1994-95 and 1996",
        "of 45% or 55 percent",
        "by 21-14 or 30–20",
    ],
)
def test_figures_that_hang_together_stay(names: Names, kept: str) -> None:
    item = Item("what was it?", f"it was {kept}.", (), "toy", "toy")
    for seed in range(5):
        assert renamed([item], names, random.Random(seed)) == [item]


def test_a_span_within_an_exchanged_word_takes_all_of_it(names: Names) -> None:
    item = Item("Where is it?", "It is in Paris now.", ((11, 13),), "toy", "toy")
    (other,) = renamed([item], names, random.Random(1))
    assert [f"It is in {other.text[a:b]} now." for a, b in other.spans] == [other.text]


def test_without_names_or_figures_nothing_is_exchanged(names: Names) -> None:
    item = Item("What is a treaty?", "A treaty is a promise of kings.", ((12, 21),), "toy", "toy")
    assert renamed([item], names, random.Random(1)) == [item]


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_written_is_well_formed(name: str) -> None:
    text = (written.FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert len({row["passage"] for row in rows}) == len(rows) > 100
    for row in rows:
        questions = [question for question, *_ in row["asked"]]
        assert len(set(questions)) == len(questions)
        assert all(len(one) in {1, 3} for one in row["asked"])
    refused = [len(one) == 1 for row in rows for one in row["asked"]]
    assert 0.45 < sum(refused) / len(refused) < 0.65


def test_twins_compete_for_a_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = data_with(tmp_path, FIRST)
    number = FIRST.index("1,949")
    asked: list[list[object]] = [
        ["How many soldiers went to Tijuana?", number, number + 5],
        ["How many soldiers came back from Tijuana?"],
        ["Who flew the plane?"],
        ["Which city was the plane bound for?", FIRST.index("Tijuana"), FIRST.index("Tijuana") + 7],
    ]
    monkeypatch.setattr(written, "FOLDER", tmp_path)
    file = tmp_path / "twins.jsonl"
    file.write_text(json.dumps({"passage": key(FIRST), "asked": asked}) + "\n", "utf-8")
    monkeypatch.setattr(written, "CALIBRATE", "none begins so")
    groups = list(written.written(data, "twins"))
    assert [[item.question for item in group] for group in groups] == [
        [asked[0][0], asked[1][0]], [asked[2][0]], [asked[3][0]]
    ]  # fmt: skip
    assert {(item.text, item.origin) for group in groups for item in group} == {(FIRST, "twins")}
    assert [item.text[a:b] for group in groups for item in group for a, b in item.spans] == [
        "1,949", "Tijuana"
    ]  # fmt: skip
    assert not list(written.written(data, "twins", kept=True))
    file.write_text(json.dumps({"passage": "0" * 16, "asked": asked}) + "\n", "utf-8")
    with pytest.raises(ValueError, match="no passage 0000000000000000"):
        list(written.written(data, "twins"))


def test_what_was_written_is_put_to_an_archive_on_its_article_s_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[object]] = [["how many went", 12, 17], ["How many came back?"]]
    monkeypatch.setattr(written, "FOLDER", tmp_path)
    monkeypatch.setattr(written, "CALIBRATE", "none begins so")
    row = json.dumps({"passage": key(FIRST), "asked": asked}) + "\n"
    for name in WRITTEN:
        (tmp_path / f"{name}.jsonl").write_text(row, encoding="utf-8")
    found = list(own_questions(data_with(tmp_path, FIRST), seed=5))
    assert {case.origin for case in found} == set(WRITTEN)
    assert {(case.question, case.gold, case.now) for case in found} == {
        ("how many went", ("1,949",), date(2024, 5, 3))
    }


def data_with(folder: Path, text: str) -> Path:
    """Data sets of one news article, of a week for training."""
    (folder / "squad").mkdir()
    for name in written.WIKIPEDIA:
        (folder / f"squad/{name}.json").write_text('{"data": []}', encoding="utf-8")
    (folder / "realtimeqa").mkdir()
    row = {
        "url": "https://news.example/1", "title": "Troops", "text": text,
        "publish_date": "2024/05/03", "week": "20240503",
    }  # fmt: skip
    with lzma.open(folder / "realtimeqa/articles.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    return folder

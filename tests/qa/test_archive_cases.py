"""Questions to a whole archive: half without an answer, and none of it where it is withheld."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus import Article
from evals.bench import archive
from index.rerank import evidence
from index.static import Static
from qa import Engine
from qa.read import SpanReader
from qa.train import rerank
from qa.train.archive_cases import ArchiveCase, archive_articles, archive_cases, find
from qa.train.mine import Sure, mine, mined_groups, questions, sorted_out, write
from qa.train.sets import HELD_OUT

PLACES = ("Arle", "Brim", "Colm", "Dorn", "Esk", "Fenn", "Gorm", "Hale", "Ivel", "Jarn", "Kell")


def squad(titles: list[str]) -> dict[str, Any]:
    data = []
    for title in titles:
        text = f"The bridge of {title} was built by Master {title}son. It has seven arches."
        answer = {"text": f"Master {title}son", "answer_start": text.index("Master")}
        data.append({
            "title": title,
            "paragraphs": [{
                "context": text,
                "qas": [
                    {"id": f"{title}1", "question": f"Who built the bridge of {title}?",
                     "answers": [answer], "is_impossible": False},
                    {"id": f"{title}2", "question": f"Who destroyed the bridge of {title}?",
                     "answers": [], "is_impossible": True},
                ],
            }],
        })  # fmt: skip
    return {"data": data}


@pytest.fixture(scope="module", autouse=True)
def few_are_held_out() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, mark in (("squad2", ""), ("new_wiki", "New ")):
            own = [mark + place for place in PLACES]
            held = {"report": tuple(own[:6]), "calibrate": tuple(own[6:8])}
            patch.setitem(HELD_OUT, name, held)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    (folder / "squad").mkdir()
    (folder / "realtimeqa").mkdir()
    for name, mark in (("squad2", ""), ("new_wiki", "New ")):
        text = json.dumps(squad([mark + place for place in PLACES]))
        (folder / f"squad/{name}.json").write_text(text, encoding="utf-8")
    weeks = ("20220701", "20230210", "20230901")
    questions, rows = [], []
    for n in range(12):
        week = weeks[n % 3]
        questions.append({
            "question_id": f"{week}_{n}", "question_sentence": f"Who won race number {n}?",
            "choices": [f"Runner{n} Smith", "Nobody"], "answer": ["0"], "evidence": "",
        })  # fmt: skip
        for copy in "ab":
            rows.append({
                "url": f"https://{copy}.example/{n}", "title": f"Race number {n} ({copy})",
                "text": f"Race number {n} was won by Runner{n} Smith, says paper {copy}. "
                        "It rained all day in the hills.",
                "publish_date": f"{week[:4]}/{week[4:6]}/{week[6:]}", "authors": [], "week": week,
            })  # fmt: skip
    lines = "".join(json.dumps(one) + "\n" for one in questions)
    (folder / "realtimeqa/questions.jsonl").write_text(lines, encoding="utf-8")
    with lzma.open(folder / "realtimeqa/articles.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.fixture(scope="module")
def asked(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Engine.open(tmp_path_factory.mktemp("archive"), samples=False) as engine:
        engine.add(archive_articles(data))
        yield engine


def test_articles_of_all_sets_are_there_once(data: Path) -> None:
    found = [one for one in archive_articles(data) if isinstance(one, Article)]
    assert len(found) == 11 + 11 + 24
    assert len({article.id for article in found}) == len(found)


def test_half_have_no_answer_and_no_split_shares_a_question(data: Path) -> None:
    splits = {split: archive_cases(data, split) for split in ("calibrate", "report")}
    for cases in splits.values():
        without = sum(not case.gold for case in cases)
        assert abs(without - len(cases) / 2) <= 2
        assert {case.origin for case in cases} == {"squad2", "new_wiki", "realtimeqa"}
    first, second = ({case.question for case in cases} for cases in splits.values())
    assert not first & second
    assert len(archive_cases(data, "report", most=4)) <= 12


def test_what_is_withheld_is_not_found(data: Path, asked: Engine) -> None:
    cases = archive_cases(data, "report")
    withheld = [case for case in cases if case.withheld]
    assert withheld
    for case in withheld:
        hits = find(asked, case)
        assert hits
        assert not any(gold in hit.article.body for hit in hits for gold in case.withheld)
    answerable = [case for case in cases if case.gold]
    found = [[hit.passage.text for hit in find(asked, case)] for case in answerable]
    held = [
        any(case.gold[0] in text for text in texts)
        for case, texts in zip(answerable, found, strict=True)
    ]
    assert sum(held) / len(held) > 0.9


def test_what_is_withheld_is_found_however_it_is_spelled(tmp_path: Path) -> None:
    body = "Naked mole rats live for decades. They feel the cold."
    with Engine.open(tmp_path, samples=False) as engine:
        engine.add([Article.create(title="Long lives", body=body)])
        asked = ArchiveCase("toy", "Which rodents live for decades?", ())
        assert find(engine, asked)
        assert not find(engine, replace(asked, withheld=("The Naked Mole-Rats",)))
        assert find(engine, replace(asked, withheld=("mole rat",)))


def test_an_answer_that_was_withheld_is_right_where_an_article_gives_it_all_the_same() -> None:
    asked = ArchiveCase("toy", "Whose home was searched?", (), withheld=("Former Mayor Ann Lee",))
    assert asked.is_right("Ann Lee")
    assert not asked.is_right("Bob Roe")
    assert not replace(asked, withheld=()).is_right("Ann Lee")
    assert replace(asked, gold=("Bob Roe",), withheld=()).is_right("Bob Roe")


def test_the_benchmark_scores_by_status(data: Path, asked: Engine) -> None:
    cases = archive.load(data)
    result = archive.run(cases, asked)
    values = {name: figure.value for name, figure in result.metrics.items()}
    assert result.n == len(cases)
    shares = [values[f"share_{status}"] for status in ("answered", "tentative", "abstained")]
    assert sum(shares) == pytest.approx(1)
    assert values["best_exact"] >= values["exact"]
    assert values["best_f1"] > 0.6
    assert 0 <= values["calibration_error"] <= 1


def test_the_order_of_passages_is_fitted_on_training_questions(data: Path, asked: Engine) -> None:
    own = list(rerank.questions(data, "train"))
    assert {one.origin for one in own} == {"squad2", "new_wiki", "realtimeqa"}
    held_out = {case.question for split in ("calibrate", "report") for case in
                archive_cases(data, split, most=10**9)}  # fmt: skip
    assert not held_out & {one.question for one in own}
    *weights, base = rerank.fit(asked, own, Static())
    for one in own:
        hits = rerank.found(asked, one)
        chances = evidence(one.question, hits, Static()) @ np.array(weights) + base
        assert one.answers(hits[int(chances.argmax())])
        other = next(hit for hit in hits if one.gold[0] not in hit.article.body)
        assert not one.answers(other)


@pytest.mark.parametrize("both", [False, True])
def test_what_is_mined_is_for_training_and_sorted_by_whether_it_answers(
    data: Path, asked: Engine, tmp_path: Path, both: bool
) -> None:
    rows = list(mine(data, asked, SpanReader(), questions(data, seed=5), both=both))
    held_out = {case.question for split in ("calibrate", "report") for case in
                archive_cases(data, split, most=10**9)}  # fmt: skip
    assert {row["article"] for row in rows} == {"squad2", "new_wiki", "week/2023-09-01"}
    assert not held_out & {row["question"] for row in rows}
    file = tmp_path / "mined.jsonl"
    write(file, rows)
    groups = list(mined_groups(file))
    trained = {item.text for group in groups for item in group}
    assert not any(f"Runner{n} Smith" in text for text in trained for n in range(12) if n % 3 < 2)
    news = [group for group in groups if group[0].article.startswith("week")]
    for group in news:
        runner = f"Runner{group[0].question.rstrip('?').split()[-1]} Smith"
        assert group[0].spans
        for item in group:
            assert {item.text[a:b] for a, b in item.spans} <= {runner}
            assert (runner in item.text) == bool(item.spans)


def test_a_passage_that_may_answer_in_other_words_is_no_negative(asked: Engine) -> None:
    asked_about = ArchiveCase("toy", "How many arches has the bridge of Arle?", ("7",))
    hits = asked.search(asked_about.question, 6)
    assert any("seven arches" in hit.passage.text for hit in hits)
    kept = sorted_out(asked_about, [Sure(hit, hit.passage.text, 0.0) for hit in hits])
    assert not any("seven" in one["text"] for one in kept)


def test_a_passage_with_a_few_words_of_a_sentence_is_one_that_does_not_say_it(
    asked: Engine,
) -> None:
    gold = "because the river of Brim had washed its seven old wooden arches into the sea"
    asked_about = ArchiveCase("toy", "Why was the bridge of Brim built?", (gold,))
    hits = asked.search(asked_about.question, 6)
    kept = sorted_out(asked_about, [Sure(hit, hit.passage.text, 0.0) for hit in hits])
    assert kept and not any(one["spans"] for one in kept)

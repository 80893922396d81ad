"""Questions of every kind about stories: of held-out weeks, right by answer or by sentence."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from corpus import Article, OnRecordError
from evals.bench import stories as benchmark
from qa import Engine
from qa.question import SENTENCES, kind_of
from qa.train import stories
from qa.train.stories import story_articles, story_cases
from qa.train.written import key

FLOOD = (
    "The dam at Arle broke because its gates had rusted shut. Some 300 people fled in boats.",
    "Mayor Ann Lee said the dam will be rebuilt by May. She thanked 40 volunteers from Brim.",
)
VOTE = (
    "Colm voted against a new stadium. The turnout was 61 percent, said the clerk, Bob Roe.",
    "The stadium in Colm had been planned since 2015. Its cost had risen to 90 million dollars.",
)
LATER = ("Dorn opened a library. It has three floors.",)


def place(text: str, words: str, article: int = 0) -> list[int]:
    return [article, text.index(words), text.index(words) + len(words)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("stories")
    told = {"20220701": FLOOD, "20220708": VOTE, "20230210": LATER}
    rows = [
        {"url": f"https://a.example/{week}/{n}", "title": f"News {week} {n}", "text": text,
         "publish_date": f"{week[:4]}/{week[4:6]}/{week[6:]}", "authors": [], "week": week}
        for week, texts in told.items() for n, text in enumerate(texts)
    ]  # fmt: skip
    (folder / "realtimeqa").mkdir()
    with lzma.open(folder / "realtimeqa/articles.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    asked = (
        [
            ["why", "Why did the dam at Arle break?", place(FLOOD[0], "its gates had rusted shut")],
            ["how_many", "How many people fled from the Arle flood?", place(FLOOD[0], "300")],
            ["who", "Who built the dam at Arle?"],
        ],
        [
            ["percent", "What percent voted in Colm?", place(VOTE[0], "61 percent")],
            ["yes_no", "Does the clerk of Colm want a stadium?"],
        ],
        [["what", "What opened in Dorn?", place(LATER[0], "a library")]],
    )
    lines = [
        {"articles": [key(row["url"]) for row in rows if row["week"] == week], "asked": own}
        for week, own in zip(told, asked, strict=True)
    ]
    file = folder / "stories.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories, "FILE", file)
        yield folder


def test_a_split_has_its_own_weeks(data: Path) -> None:
    assert [case.question for case in story_cases(data, "calibrate")] == ["What opened in Dorn?"]
    reported = list(story_articles(data, "report"))
    assert {one.body for one in reported if isinstance(one, Article)} == {*FLOOD, *VOTE}
    assert not story_cases(data, "train")


def test_where_the_product_answers_with_a_sentence_that_sentence_is_right(data: Path) -> None:
    why, how_many, nobody, *_ = story_cases(data, "report")
    assert why.gold == ("its gates had rusted shut",)
    assert why.is_right("rusted", "The dam at Arle broke because its gates had rusted shut.")
    assert not why.is_right("boats", "Some 300 people fled in boats.")
    assert not how_many.is_right("people", "Some 300 people fled in boats.")
    assert not nobody.gold and not nobody.is_right("Ann Lee", "Mayor Ann Lee said it.")


def test_the_benchmark_tells_each_kind_apart(data: Path, tmp_path: Path) -> None:
    cases = benchmark.load(data)
    with Engine.open(tmp_path, samples=False) as engine:
        engine.add(benchmark.articles(data))
        result = benchmark.run(cases, engine)
    values = {name: figure.value for name, figure in result.metrics.items()}
    assert (result.benchmark, result.n) == ("stories", 5)
    kinds = {"why", "how_many", "who", "percent", "yes_no"}
    dealt = {name: values[f"dealt_with_rightly_{name}"] for name in kinds}
    assert values["dealt_with_rightly"] == pytest.approx(sum(dealt.values()) / 5)
    assert dealt["how_many"] == dealt["percent"] == 1


def test_a_set_that_is_not_whole_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "realtimeqa").mkdir()
    with pytest.raises(OnRecordError, match="realtimeqa"):
        benchmark.load(tmp_path)
    with lzma.open(tmp_path / "realtimeqa/articles.jsonl.xz", "wt", encoding="utf-8"):
        pass
    with pytest.raises(OnRecordError, match="lacks 5 articles"):
        benchmark.load(tmp_path)


def test_what_ships_is_well_formed() -> None:
    shipped = Path(stories.__file__).with_name("stories.jsonl")
    lines = shipped.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    articles = [name for row in rows for name in row["articles"]]
    assert len(set(articles)) == len(articles)
    asked = [one for row in rows for one in row["asked"]]
    assert len(asked) > 800
    assert 0.45 < sum(len(one) > 2 for one in asked) / len(asked) < 0.55
    assert sum(kind_of(question) in SENTENCES for _, question, *_ in asked) > 250
    for row in rows:
        for _, question, *places in row["asked"]:
            assert question
            assert all(n < len(row["articles"]) and a < b for n, a, b in places)

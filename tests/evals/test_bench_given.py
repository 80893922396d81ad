"""Benchmarks whose texts come with the questions: RAMDocs and RGB."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus import OnRecordError
from evals.bench import ramdocs, rgb
from evals.bench.given import GivenTexts, Text
from qa import Answer, Claim, Hit, Span, Status

Phrases = Mapping[str, Sequence[tuple[str, float]]]


class Finder:
    """A reader that finds the phrases it was given for a question, wherever they stand."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.hits: Sequence[Hit] = ()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        self.hits = hits
        found = []
        for hit in hits:
            for phrase, probability in self.phrases[question]:
                if (at := hit.passage.text.find(phrase)) >= 0:
                    start = hit.passage.start + at
                    found.append(Span(hit, start, start + len(phrase), probability))
        return sorted(found, key=lambda span: -span.probability)


def jsonl(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_texts_are_cut_into_exact_passages_in_order() -> None:
    reader = Finder({"who?": [("Rossi", 0.9)]})
    long = "\n\n".join(f"Paragraph {n} has a few words in it, as paragraphs do." for n in range(60))
    reading = GivenTexts(reader).ask("who?", [Text(long), Text(" "), Text("It was Rossi.", "News")])
    bodies = [hit.article.body for hit in reader.hits]
    assert len(reader.hits) > 3 and bodies == sorted(bodies, key=[long, "It was Rossi."].index)
    for hit in reader.hits:
        assert hit.article.body[hit.passage.start : hit.passage.end] == hit.passage.text
    assert reading.answer.short == reading.best == "Rossi"
    assert reading.answer.citations[0].article.title == "News"


def test_an_abstention_keeps_what_would_have_been_said() -> None:
    reading = GivenTexts(Finder({"who?": [("Rossi", 0.1)]})).ask("who?", [Text("It was Rossi.")])
    assert reading.answer.abstained and reading.answer.short == ""
    assert reading.best == "Rossi"


# -- RAMDocs ------------------------------------------------------------------------------


def ramdocs_record(question: str, bodies: list[str], gold: list[str], wrong: list[str]) -> Any:
    documents = [{"text": body, "type": "correct", "answer": "-"} for body in bodies]
    return {
        "question": question,
        "documents": documents,
        "gold_answers": gold,
        "wrong_answers": wrong,
    }


def test_ramdocs_wants_every_right_answer_and_no_wrong_one(tmp_path: Path) -> None:
    bodies = ["Carpenter played the Football of America.", "Carpenter excelled at ice hockey."]
    both = ["football of America", "Ice hockey"]
    path = jsonl(
        tmp_path / "ramdocs.jsonl",
        ramdocs_record("both?", bodies, both, ["Golf"]),
        ramdocs_record("one?", bodies, both, ["Golf"]),
        ramdocs_record("wrong?", bodies, [both[0]], [both[1]]),
        ramdocs_record("none?", bodies, [both[0]], []),
    )
    football, hockey = "the Football of America", "ice hockey"
    reader = Finder(
        {
            "both?": [(football, 0.9), (hockey, 0.8)],
            "one?": [(football, 0.9), (hockey, 0.3)],
            "wrong?": [(football, 0.9), (hockey, 0.8)],
            "none?": [(football, 0.2)],
        }
    )
    result = ramdocs.run(ramdocs.load(path), reader)
    values = {name: figure.value for name, figure in result.metrics.items()}
    assert values == {
        "exact_match": 1 / 4,
        "gold_recall": (1 + 1 / 2 + 1 + 0) / 4,
        "wrong_given": 1 / 3,  # of the three questions that have a wrong answer
        "answered": 3 / 4,
    }
    assert result.metrics["wrong_given"].n == 3


def test_ramdocs_documents_are_independent_outlets(tmp_path: Path) -> None:
    bodies = ["In the north he played hockey.", "Up in the hills hockey was his life."]
    path = jsonl(tmp_path / "r.jsonl", ramdocs_record("what?", bodies, ["hockey"], []))
    reader = Finder({"what?": [("hockey", 0.9)]})
    assert ramdocs.run(ramdocs.load(path), reader).metrics["exact_match"].value == 1.0
    assert [hit.article.outlet for hit in reader.hits] == ["Outlet 1", "Outlet 2"]


def test_ramdocs_leaves_out_what_was_superseded() -> None:
    claims = (Claim("12", (1,), 1), Claim("11", (2,), 1, superseded=True))
    answer = Answer("how many?", "12 [1].", "12", Status.ANSWERED, 0.9, (), claims)
    assert ramdocs.given_answers(answer) == ["12"]


@pytest.mark.parametrize(
    ("given", "gold", "wrong", "right"),
    [
        (["The U.S. Navy"], ["us navy"], [], True),
        (["navy"], ["US Navy"], [], False),
        (["1902", "1885"], ["1902"], ["1885"], False),
        ([], ["1902"], [], False),
    ],
)
def test_ramdocs_matching(given: list[str], gold: list[str], wrong: list[str], right: bool) -> None:
    question = ramdocs.Question("?", (), tuple(gold), tuple(wrong))
    assert ramdocs.is_right(given, question) is right


def test_ramdocs_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "r.jsonl", ramdocs_record("?", ["b"], ["g"], []), {"question": "q"})
    with pytest.raises(OnRecordError, match=r"r\.jsonl:2: documents: expected a list"):
        list(ramdocs.load(path))


# -- RGB ----------------------------------------------------------------------------------


def rgb_question(positive: int, negative: int) -> rgb.Question:
    good, bad = (tuple(f"{kind}{n}" for n in range(count))
                 for kind, count in (("p", positive), ("n", negative)))  # fmt: skip
    return rgb.Question("?", (("a",),), good, bad)


@pytest.mark.parametrize(
    ("positive", "negative", "rate", "shown"),
    [
        (7, 7, 0.0, (5, 0)),
        (7, 7, 0.2, (4, 1)),
        (7, 7, 0.5, (2, 3)),  # ceil(2.5) negative ones
        (7, 7, 0.8, (1, 4)),
        (7, 7, 1.0, (0, 5)),
        (1, 9, 0.0, (1, 4)),  # too few that say: the others fill up
        (7, 3, 0.8, (2, 3)),  # too few that do not
        (7, 3, 1.0, (0, 3)),
    ],
)
def test_rgb_passages(positive: int, negative: int, rate: float, shown: tuple[int, int]) -> None:
    names = [name[0] for name in rgb.passages(rgb_question(positive, negative), rate)]
    assert (names.count("p"), names.count("n")) == shown


@pytest.mark.parametrize(
    ("answer", "text", "right"),
    [
        ("Tampa, Florida", "It is TAMPA, FLORIDA [1].", True),
        ("Tampa, Florida", "It is Tampa in Florida [1].", False),
        ([["July 21 2017", "21 July 2017"]], "on 21 july 2017", True),
        (["Rossi", ["Anna", "Ann"]], "Rossi and Ann", True),
        (["Rossi", ["Anna", "Ann"]], "Rossi alone", False),
    ],
)
def test_rgb_matching(tmp_path: Path, answer: Any, text: str, right: bool) -> None:
    record = {"id": 1, "query": "?", "answer": answer, "positive": [], "negative": []}
    (question,) = rgb.load(jsonl(tmp_path / "en.json", record))
    assert rgb.is_right(text, question) is right


def test_rgb_figures(tmp_path: Path) -> None:
    positive = [f"Source {n} says that Halep won the final that day." for n in "abcde"]
    negative = [f"Number {n} talks of rain and of Barty instead." for n in "vwxyz"]
    common = {"positive": positive, "negative": negative, "answer": "Halep"}
    path = jsonl(
        tmp_path / "en.json",
        {"id": 0, "query": "sure?", **common},
        {"id": 1, "query": "fooled?", **common},
    )
    reader = Finder({"sure?": [("Halep", 0.9)], "fooled?": [("Barty", 0.9)]})
    values = {n: f.value for n, f in rgb.run(rgb.load(path), reader).metrics.items()}
    # The second question is answered wrongly as soon as a negative passage is there, and
    # not at all without one.
    assert values == {
        **{f"{what}_noise_{rate}": 0.5 for what in ("accuracy", "short") for rate in rgb.RATES},
        "rejection": 0.5,
    }


def test_rgb_text_may_hold_more_than_the_short_answer(tmp_path: Path) -> None:
    bodies = ["The final was won by Halep.", "Others were sure that Barty had won it."]
    record = {"id": 0, "query": "who?", "answer": "Barty", "positive": bodies, "negative": []}
    reader = Finder({"who?": [("Halep", 0.9), ("Barty", 0.8)]})
    metrics = rgb.run(rgb.load(jsonl(tmp_path / "en.json", record)), reader).metrics
    assert metrics["accuracy_noise_0.0"].value == 1.0
    assert metrics["short_noise_0.0"].value == 0.0
    assert "rejection" not in metrics  # there were no negative passages: unscored, not zero

"""SQuAD scoring, against hand-computed cases and the official threshold search."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from corpus import OnRecordError
from evals.bench.squad import Question, best_threshold, load, run, scored
from qa import Hit, Settings, Span
from qa.likeness import exact_match, token_f1

CONTEXT = "The Normans came from Denmark. They settled in 911."
ROWS = [  # question, golds, what the reader points at, how sure it is
    ("Where from?", ["Denmark", "from Denmark"], "from Denmark", 0.9),
    ("When?", ["911"], "in 911", 0.6),
    ("Who ruled?", [], "They", 0.7),
    ("Who wept?", [], "They", 0.2),
    ("Which land?", ["Denmark"], "Denmark", 0.3),
]


EVEN = Settings(tentative_at=0.5)


class Pointer:
    """A reader that points at a phrase of its own for each question."""

    def __init__(self, phrases: Mapping[str, tuple[str, float]]) -> None:
        self.phrases = phrases
        self.seen: list[Hit] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        self.seen += hits
        phrase, probability = self.phrases[question]
        spans = []
        for hit in hits:
            at = hit.passage.text.find(phrase)
            if at >= 0:
                start = hit.passage.start + at
                spans.append(Span(hit, start, start + len(phrase), probability))
        return spans


def squad_file(tmp_path: Path, *titles: str) -> Path:
    def article(title: str) -> dict[str, object]:
        qas = [
            {
                "id": f"{title}{n}",
                "question": question,
                "answers": [{"text": gold, "answer_start": 0} for gold in golds],
            }
            for n, (question, golds, _, _) in enumerate(ROWS)
        ]
        return {"title": title, "paragraphs": [{"context": CONTEXT, "qas": qas}]}

    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"version": "v2.0", "data": [article(t) for t in titles]}))
    return path


@pytest.fixture
def reader() -> Pointer:
    return Pointer({question: (phrase, sure) for question, _, phrase, sure in ROWS})


def test_figures_are_the_official_ones(tmp_path: Path, reader: Pointer) -> None:
    result = run(load(squad_file(tmp_path, "Normans", "More_Normans")), reader, EVEN)
    values = {name: figure.value for name, figure in result.metrics.items()}
    assert result.n == 10
    assert values == pytest.approx(
        {
            "exact": (1 + 0 + 0 + 1 + 0) / 5,  # the last is right but not sure enough to be given
            "f1": (1 + 2 / 3 + 0 + 1 + 0) / 5,
            # From two unanswerable ones right: +1, -1, +0 or +2/3, +1, then -1.
            "best_exact": 3 / 5,
            "best_f1": (2 + 1 - 1 + 2 / 3 + 1) / 5,
            "HasAns_exact": 1 / 3,
            "HasAns_f1": (1 + 2 / 3) / 3,
            "NoAns_exact": 1 / 2,
            "NoAns_f1": 1 / 2,
        }
    )
    assert reader.seen[-1].article.title == "More Normans"


def test_articles_are_what_is_resampled(tmp_path: Path, reader: Pointer) -> None:
    # Two articles that come out alike: whichever are drawn, the figure stays.
    exact = run(load(squad_file(tmp_path, "A", "B")), reader, EVEN).metrics["exact"]
    assert exact.low == exact.high == exact.value


def test_without_unanswerable_questions_the_best_is_to_answer_always(
    tmp_path: Path, reader: Pointer
) -> None:
    path = squad_file(tmp_path, "A", "B")
    kept = [question for question in load(path) if question.answers]
    metrics = run(kept, reader, EVEN).metrics
    assert "NoAns_exact" not in metrics
    assert metrics["exact"].value == pytest.approx(1 / 3)
    assert metrics["best_exact"].value == pytest.approx(2 / 3)


def test_titles_choose_articles(tmp_path: Path) -> None:
    path = squad_file(tmp_path, "A_one", "B_two", "C_three")
    assert {q.title for q in load(path, keep={"B_two"})} == {"B two"}
    assert {q.title for q in load(path, keep=lambda t: t > "B")} == {"B two", "C three"}


def test_a_file_of_one_article_has_no_telling_title(tmp_path: Path) -> None:
    questions = list(load(squad_file(tmp_path, "reddit")))
    assert {(q.title, q.group) for q in questions} == {("", "reddit/0")}


def question(*answers: str) -> Question:
    return Question("1", "?", "text", "", answers, "group")


@pytest.mark.parametrize(
    ("answer", "golds", "exact", "f1"),
    [
        ("The Normans!", ["normans"], 1, 1),
        ("Duke William II", ["King William", "Duke William"], 0, 0.8),
        ("", [], 1, 1),
        ("Normans", [], 0, 0),
        ("", ["Normans"], 0, 0),
        ("", ["The", "Normans"], 0, 0),  # a gold answer of articles alone is no gold answer
    ],
)
def test_one_answer(answer: str, golds: list[str], exact: float, f1: float) -> None:
    assert scored(exact_match, answer, question(*golds)) == exact
    assert scored(token_f1, answer, question(*golds)) == pytest.approx(f1)


def official_best(
    scores: list[float], no: list[float], has: list[bool], given: list[bool]
) -> float:
    """The search as the official script words it."""
    current = best = float(sum(not h for h in has))
    for n in sorted(range(len(no)), key=lambda n: no[n]):
        current += scores[n] if has[n] else (-1 if given[n] else 0)
        best = max(best, current)
    return best / len(scores)


def test_threshold_search_agrees_with_the_official_one() -> None:
    rng = random.Random(4)
    for _ in range(200):
        n = rng.randint(1, 30)
        has = [rng.random() < 0.6 for _ in range(n)]
        given = [rng.random() < 0.9 for _ in range(n)]
        scores = [rng.choice([0.0, 0.5, 1.0]) if has[at] and given[at] else 0.0 for at in range(n)]
        no = [round(rng.random(), 1) for _ in range(n)]  # with ties
        found = best_threshold(scores, no, has, given)(range(n))
        assert found == pytest.approx(official_best(scores, no, has, given))


def test_threshold_search_counts_repeats() -> None:
    best = best_threshold([1.0, 0.0], [0.1, 0.5], [True, False], [True, True])
    assert best([0, 1]) == 1.0
    assert best([0, 0, 0, 1]) == 1.0
    # Asked the other way round the threshold cannot part them.
    swapped = best_threshold([1.0, 0.0], [0.5, 0.1], [True, False], [True, True])
    assert swapped([0, 0, 0, 1]) == 0.75
    assert swapped([0, 1, 1, 1]) == 0.75


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", r"squad.json:1: not valid JSON"),
        ('{"a": 1}', r"squad.json: data: expected a list, found nothing"),
        (
            '{"data": [{"title": "A", "paragraphs": [{"qas": []}]}]}',
            r"data\[0\].paragraphs\[0\]: context: expected text, found nothing",
        ),
        (
            '{"data": [{"paragraphs": [{"context": "c", "qas": [{"id": 7, "answers": []}]}]}]}',
            r"paragraphs\[0\].qas\[0\]: id: expected text, found 7",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_a_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(text)
    with pytest.raises(OnRecordError, match=told) as caught:
        list(load(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OnRecordError, match=r"none\.json: no such file"):
        list(load(tmp_path / "none.json"))

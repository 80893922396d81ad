"""Runs: saved before they are scored, gone on with after a kill, and planted faults show."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import Run as RunCommand

from corpus import Article, OnRecordError
from evals import Report, load_run, load_set, run, score
from evals.check import check, parse_bounds
from evals.compare import compare
from evals.draft import draft, from_feedback
from evals.judge import judge
from evals.testing import assert_set
from qa import Answer, Citation, Engine, Hit, Status

CASES = load_set("samples")[::3]


class Around:
    """An engine with a fault planted in its answers, which are asked for once a test run."""

    asked: ClassVar[dict[object, Answer]] = {}
    found: ClassVar[dict[object, list[Hit]]] = {}

    def __init__(self, engine: Engine, fault: Callable[[Answer], Answer]) -> None:
        self.engine, self.fault = engine, fault

    def ask(self, question: str, history: Sequence[tuple[str, str]] = (), **options: Any) -> Answer:
        key = (question, tuple(history))
        if key not in self.asked:
            self.asked[key] = self.engine.ask(question, history, **options)
        return self.fault(self.asked[key])

    def search(self, question: str, limit: int = 10, **options: Any) -> list[Hit]:
        if question not in self.found:
            self.found[question] = self.engine.search(question, limit, **options)
        return self.found[question]

    def article(self, article_id: str) -> Article | None:
        return self.engine.article(article_id)


@pytest.fixture(scope="module")
def folder(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "default"
    run(Around(engine, lambda answer: answer), CASES, out, name="samples")
    return out


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return score(load_run(folder))


def faulty(engine: Engine, folder: Path, fault: Callable[[Answer], Answer]) -> Report:
    return score(run(Around(engine, fault), CASES, folder))


def value(report: Report, metric: str) -> float:
    return report.metrics[metric].value


# -- planted faults -----------------------------------------------------------------------


def test_without_a_fault_every_quote_is_exact(report: Report) -> None:
    assert value(report, "citation_exactness") == 1
    assert value(report, "error") == 0


def shifted(answer: Answer) -> Answer:
    """Each quote says it stands one character further on than it does."""

    def shift(c: Citation) -> Citation:
        moved = object.__new__(Citation)
        for name, to in (("n", c.n), ("article", c.article), ("quote", c.quote),
                         ("start", c.start + 1), ("end", c.end + 1)):  # fmt: skip
            object.__setattr__(moved, name, to)
        return moved

    return replace(
        answer,
        citations=tuple(map(shift, answer.citations)),
        nearest=tuple(map(shift, answer.nearest)),
    )


def test_shifted_quotes_show_in_citation_exactness(engine: Engine, tmp_path: Path) -> None:
    assert value(faulty(engine, tmp_path, shifted), "citation_exactness") == 0


def test_answering_everything_shows_in_abstention(
    engine: Engine, tmp_path: Path, report: Report
) -> None:
    def answered(answer: Answer) -> Answer:
        return replace(answer, status=Status.ANSWERED, short="x", nearest=())

    found = faulty(engine, tmp_path, answered)
    assert value(found, "abstention_recall") == 0
    assert value(found, "abstention_balanced") < value(report, "abstention_balanced")


def silent(answer: Answer) -> Answer:
    return Answer(answer.question, "The articles do not say.", "", Status.ABSTAINED, 0.0)


def test_always_abstaining_shows_in_the_answer_rate(engine: Engine, tmp_path: Path) -> None:
    found = faulty(engine, tmp_path, silent)
    assert value(found, "answer_rate") == 0
    assert value(found, "abstention_recall") == 1
    assert value(found, "abstention_balanced") == 0.5
    assert value(found, "f1") == 0


def test_swapped_articles_show_in_exactness(engine: Engine, tmp_path: Path) -> None:
    articles = list(engine.articles())

    def swapped(answer: Answer) -> Answer:
        def swap(c: Citation) -> Citation:
            other = next(a for a in articles if a.id != c.article.id)
            moved = object.__new__(Citation)
            for name, to in (("n", c.n), ("article", other), ("quote", c.quote),
                             ("start", c.start), ("end", c.end)):  # fmt: skip
                object.__setattr__(moved, name, to)
            return moved

        return replace(answer, citations=tuple(map(swap, answer.citations)))

    found = faulty(engine, tmp_path, swapped)
    assert value(found, "citation_exactness") < 0.8


def test_a_slower_engine_shows_in_latency(engine: Engine, tmp_path: Path) -> None:
    def pausing(seconds: float) -> Callable[[Answer], Answer]:
        def pause(answer: Answer) -> Answer:
            time.sleep(seconds)
            return answer

        return pause

    even = faulty(engine, tmp_path / "even", pausing(0.04))
    slow = faulty(engine, tmp_path / "slow", pausing(0.06))
    assert slow.metrics["latency_p50"].low > even.metrics["latency_p50"].high


# -- saving, scoring, comparing -------------------------------------------------------------


def test_scoring_repeats_bit_for_bit(folder: Path, report: Report) -> None:
    again = score(load_run(folder))
    assert json.dumps(again.as_dict()) == json.dumps(report.as_dict())
    assert again.scores == report.scores


def test_two_runs_give_the_same_answers(engine: Engine, folder: Path, tmp_path: Path) -> None:
    again = run(engine, CASES[:6], tmp_path)
    saved = load_run(folder).answers
    for case, record in again.answers.items():
        first, second = dict(saved[case]["answer"]), dict(record["answer"])
        assert first.pop("seconds") and second.pop("seconds")
        assert first == second


def test_a_killed_run_goes_on_where_it_stopped(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    for name in ("run.json", "cases.jsonl"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    lines = (folder / "answers.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "answers.jsonl").write_bytes(b"".join(lines[:5]) + lines[5][:20])
    asked: list[int] = []
    same = Around(engine, lambda answer: answer)
    done = run(same, CASES, tmp_path, progress=lambda n, of: asked.append(n))
    assert asked == list(range(6, len(CASES) + 1))
    assert set(done.answers) == {case.id for case in CASES}


def test_a_folder_with_another_set_is_refused(engine: Engine, folder: Path) -> None:
    with pytest.raises(OnRecordError, match="a run of another set"):
        run(engine, CASES[:3], folder)


def test_a_question_that_cannot_be_asked_is_an_error_and_not_an_answer(
    engine: Engine, tmp_path: Path
) -> None:
    long = replace(CASES[0], question="why " * 1000)
    found = score(run(engine, [long, CASES[1]], tmp_path))
    assert value(found, "error") == 0.5
    assert "not asked" in found.scores[0].explanation


def test_slices_are_by_kind_and_tag(report: Report) -> None:
    kinds = {case.kind for case in CASES}
    assert {name for name in report.slices if name.startswith("kind=")} == {
        f"kind={k}" for k in kinds
    }
    assert sum(m["right"].n for n, m in report.slices.items() if n.startswith("kind=")) == len(
        CASES
    )


def test_a_frame_has_a_row_a_case(report: Report) -> None:
    assert list(report.frame().index) == [case.id for case in CASES]


def test_comparing_with_a_worse_run_says_so(engine: Engine, folder: Path, tmp_path: Path) -> None:
    before = load_run(folder)
    after = run(Around(engine, silent), CASES, tmp_path)
    found = compare((before, score(before)), (after, score(after)))
    recall = next(d for d in found.differences if d.measure == "answer_recall")
    assert recall.verdict.startswith("worse by ") and "95 %" in recall.verdict
    assert found.worse
    same = compare((before, score(before)), (before, score(before)))
    assert "no clear difference" in same.verdict and not same.better and not same.worse


def test_bounds(report: Report) -> None:
    assert check(report, least={"citation_exactness": 1}, most={"error": 0}) == []
    broken = check(report, least=parse_bounds(["right=1.01"]))
    assert len(broken) == 1 and broken[0].startswith("right is ")
    assert check(report, against=report) == []
    with pytest.raises(OnRecordError, match="no metric 'nonsense'"):
        check(report, least={"nonsense": 1})
    with pytest.raises(OnRecordError, match="write METRIC=NUMBER"):
        parse_bounds(["f1"])


def test_drafts_are_cases_to_correct(engine: Engine) -> None:
    cases = draft(engine, 20)
    assert len({case.id for case in cases}) == 20
    assert len({case.articles for case in cases}) >= 12
    for case in cases:
        article = engine.article(case.articles[0])
        assert article and case.quotes[0] in article.body
        assert case.answers[0] in case.quotes[0] and "____" in case.question
        assert "draft" in case.tags


def test_marked_answers_become_cases(tmp_path: Path, articles: Path) -> None:
    with Engine.open(tmp_path) as engine:
        engine.ingest([articles])
        first = engine.ask("How many tons of apples were picked?")
        engine.feedback(first, (), good=True)
        engine.feedback(engine.ask("Capital of France?", [("a", "b")]), [("a", "b")], good=False)
        right, wrong = from_feedback(engine)
    assert right.answers == (first.short,) and "draft" not in right.tags
    assert wrong.unanswerable and "draft" in wrong.tags and wrong.history == (("a", "b"),)


def test_the_command_line(run: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    records = [{"id": "a", "question": "Who won the Sun Bluff Marathon?", "answers": ["x"]},
               {"id": "b", "question": "Capital of France?", "unanswerable": True}]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, records)))
    out = str(tmp_path / "run")
    done = run("eval", str(file), "--out", out, "--json", "--engine", "passages_read=4")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["cases"] == 2 and found["settings"]["passages_read"] == 4
    assert run("eval", "score", out).returncode == 0
    assert run("eval", "check", out, "--min", "right=1").returncode == 4
    assert run("eval", "check", out, "--min", "citation_exactness=1").returncode == 0
    assert "no clear difference" in run("eval", "compare", out, out).stdout
    assert run("eval", "compare", out, str(tmp_path)).returncode == 1
    drafted = run("eval", "new", str(tmp_path / "draft.jsonl"), "--count", "5")
    assert drafted.returncode == 0 and len(load_set(tmp_path / "draft.jsonl")) == 5


def test_a_set_asserted_in_ones_own_tests(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps({"id": "b", "question": "Capital of France?", "unanswerable": True}))
    same = Around(engine, silent)
    assert assert_set(same, file, tmp_path / "a", least={"right": 1}).metrics["right"].n == 1
    with pytest.raises(AssertionError, match=r"right is .* at least 2"):
        assert_set(same, file, tmp_path / "b", least={"right": 2})


def test_a_judge_is_told_beside_exact_scoring(folder: Path, report: Report, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    right = {score.case for score in report.scores if score.right}
    asked: list[str] = []

    def replies(prompt: str) -> str:
        asked.append(prompt)
        record = json.loads(prompt.split("\n\n")[1])
        case = next(c for c in CASES if c.question == record["question"])
        return ["Yes.", "**NO**", "I cannot tell"][0 if case.id in right else 1]

    judged = score(judge(load_run(tmp_path), replies))
    assert value(judged, "judge_agreement") == 1
    assert judged.metrics["judge_right"].n == len(CASES)
    assert len(asked) == len(CASES)
    judge(load_run(tmp_path), replies)
    assert len(asked) == len(CASES), "what is judged is not judged again"


def test_a_judge_without_a_verdict_leaves_the_case_unscored(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert "judge_right" not in score(judge(load_run(tmp_path), lambda _: "Hm.")).metrics


def test_any_llama_index_model_can_judge(run: RunCommand, folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    done = run("eval", "judge", str(tmp_path), "llama_index.core.llms:MockLLM", "--json")
    assert done.returncode == 0, done.stderr  # it repeats the prompt: no verdicts
    wrong = run("eval", "judge", str(tmp_path), "nowhere:Nothing")
    assert wrong.returncode == 1 and "MODULE:CLASS" in wrong.stderr

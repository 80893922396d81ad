"""Runs: saved before they are scored, gone on with after a kill, and planted faults show."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import Run as RunCommand

from corpus import Article, OnRecordError
from evals import Case, Report, load_run, load_set, run, score
from evals.check import check, parse_bounds
from evals.compare import compare
from evals.draft import draft, from_feedback
from evals.judge import judge
from evals.run import unfound
from evals.score import Usage
from evals.testing import assert_set
from evals.tokens import Prices, Reply
from qa import Answer, Citation, Engine, Hit, Status
from qa.follow_up import standalone
from qa.read import SpanReader
from qa.settings import Settings

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


def forged(citation: Citation, **changes: object) -> Citation:
    """A citation that the class itself would refuse to make."""
    made = object.__new__(Citation)
    for field in fields(Citation):
        object.__setattr__(made, field.name, changes.get(field.name, getattr(citation, field.name)))
    return made


def shifted(answer: Answer) -> Answer:
    """Each quote says it stands one character further on than it does."""

    def shift(c: Citation) -> Citation:
        return forged(c, start=c.start + 1, end=c.end + 1)

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
            return forged(c, article=other)

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


def test_answers_of_changed_articles_are_never_mixed(tmp_path: Path) -> None:
    url = "https://a.example/boats"
    with Engine.open(tmp_path / "data", samples=False) as own:
        own.add([Article.create(title="Boats", body="The port has 17 boats.", url=url)])
        case = Case(id="1", question="How many boats has the port?", answers=("17",))
        done = run(own, [case], tmp_path / "run")
        info = json.loads((tmp_path / "run/run.json").read_text())
        (tmp_path / "run/run.json").write_text(json.dumps(info | {"finished": ""}))
        assert run(own, [case], tmp_path / "run").info["finished"], "killed before it was noted"
        own.add([Article.create(title="Boats", body="The port has 99 boats.", url=url)])
        with pytest.raises(OnRecordError, match="another digest of the articles"):
            run(own, [case], tmp_path / "run")
    assert set(done.answers) == {"1"}


def test_a_folder_with_another_set_is_refused(engine: Engine, folder: Path) -> None:
    with pytest.raises(OnRecordError, match="a run of another set"):
        run(engine, CASES[:3], folder)


def test_answers_of_two_engines_are_never_mixed(engine: Engine, tmp_path: Path) -> None:
    run(engine, CASES[:1], tmp_path)
    other = Engine(engine.data, engine.archive, Settings(passages_read=4), engine.reader)
    with pytest.raises(OnRecordError, match="another passages_read: 12, where this has 4"):
        run(other, CASES[:1], tmp_path)


def test_text_that_splits_lines_elsewhere_stays_in_its_record(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    odd = "a\u2028b\x85c\x0cd"

    def said(answer: Answer) -> Answer:
        return replace(answer, notice=odd)

    case = replace(CASES[0], note=odd)
    done = run(Around(engine, said), [case], tmp_path)
    assert done.cases == [case] and done.answers[case.id]["answer"]["notice"] == odd


def test_what_failed_is_told_and_asked_again(engine: Engine, tmp_path: Path) -> None:
    def broken(answer: Answer) -> Answer:
        raise RuntimeError("no route to the model")

    failed = score(run(Around(engine, broken), CASES[:2], tmp_path))
    assert value(failed, "error") == 1
    assert failed.scores[0].explanation == "not asked: RuntimeError: no route to the model"
    assert value(score(run(Around(engine, lambda a: a), CASES[:2], tmp_path)), "error") == 0


def test_a_case_whose_search_fails_is_told_and_the_others_are_asked(
    engine: Engine, tmp_path: Path
) -> None:
    class Blind(Around):
        def search(self, question: str, limit: int = 10, **options: Any) -> list[Hit]:
            if question == CASES[0].question:
                raise RuntimeError("the index is gone")
            return super().search(question, limit, **options)

    found = score(run(Blind(engine, lambda a: a), CASES[:3], tmp_path))
    assert [bool(s.values["error"]) for s in found.scores] == [True, False, False]


def test_with_workers_what_is_done_is_saved_at_once(engine: Engine, tmp_path: Path) -> None:
    others_done = threading.Event()

    class Slow(Around):
        def ask(self, question: str, *args: Any, **options: Any) -> Answer:
            if question == CASES[0].question:
                assert others_done.wait(60)
            return super().ask(question, *args, **options)

    def progress(done: int, _: int) -> None:
        if done == 3:
            others_done.set()

    run(Slow(engine, lambda a: a), CASES[:4], tmp_path, workers=2, progress=progress)
    assert others_done.is_set()


def test_golds_that_are_nowhere_are_said(engine: Engine) -> None:
    whole = next(case for case in CASES if case.articles and case.quotes)
    slips = replace(whole, articles=("No such title",), quotes=("... no such words ...",))
    assert unfound(engine.articles(), [whole]) == []
    assert [line.split(": ")[1][:14] for line in unfound(engine.articles(), [slips])] == [
        "no article is ", "no article has",
    ]  # fmt: skip


def test_a_damaged_run_is_one_line(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "answers.jsonl").open("a") as answers:
        answers.write("garbage\n")
    with pytest.raises(OnRecordError, match=r"answers\.jsonl:\d+: no record of a case"):
        load_run(tmp_path)
    (tmp_path / "run.json").write_text("")
    with pytest.raises(OnRecordError, match="cannot be read"):
        run(None, CASES, tmp_path)  # type: ignore[arg-type]


def test_what_the_reader_found_is_saved_and_ranked(engine: Engine, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.quotes and not case.unanswerable)
    reader = engine.reader
    done = run(engine, [case], tmp_path)
    assert engine.reader is reader
    record = done.answers[case.id]
    near = SpanReader().near(engine.search(case.question, engine.settings.passages_read))
    assert len(record["spans"]) == len(near) > 1
    for span in record["spans"]:
        hit = record["hits"][span["hit"]]
        assert hit["start"] <= span["start"] < span["end"] <= hit["end"]
        assert span["text"] in hit["text"] and 0 <= span["probability"] <= 1
    surest = record["hits"][record["spans"][0]["hit"]]
    found = score(done).metrics["read_passage@1"].value
    assert found == float(any(quote in surest["text"] for quote in case.quotes))


def test_follow_ups_are_searched_as_they_are_meant(engine: Engine, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.history)
    alone = standalone(case.question, case.history)
    assert alone != case.question
    record = run(engine, [case], tmp_path).answers[case.id]
    assert [h["text"] for h in record["hits"]] == [h.passage.text for h in engine.search(alone, 20)]


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
    for entry in ("f1", "f1=nan"):
        with pytest.raises(OnRecordError, match="write METRIC=NUMBER"):
            parse_bounds([entry])


def with_metrics(report: Report, **values: float) -> Report:
    changed = {name: replace(report.metrics[name], value=v) for name, v in values.items()}
    return replace(report, metrics={**report.metrics, **changed})


def test_bounds_against_a_baseline(report: Report) -> None:
    fewer = with_metrics(report, abstained=0.0, answered=0.0)
    assert check(fewer, against=report) == []
    assert check(fewer, against=report, most={"abstained": 1}) == []
    risky = with_metrics(report, risk_coverage_area=1.0)
    assert "risk_coverage_area is 1.000" in check(risky, against=report)[0]
    assert check(risky, least={"citation_exactness": 1}, against=report) == []
    slow = with_metrics(report, latency_p50=2 * value(report, "latency_p50"))
    assert check(slow, against=report) == []
    assert "100 % slower than in the baseline" in check(slow, against=report, max_slower=0.5)[0]
    bare = replace(report, metrics={"right": report.metrics["right"]})
    with pytest.raises(OnRecordError, match="the baseline has no metric 'f1'"):
        check(report, least={"f1": 0}, against=bare)


def test_what_was_not_asked_breaks_a_release(report: Report) -> None:
    assert "7 cases of the set were not asked" in check(replace(report, unasked=7))[0]
    failing = with_metrics(report, error=0.1)
    assert check(failing)[0].startswith("error is 0.100")
    assert check(failing, most={"error": 0.2}) == []


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
    lead = {first.citations[n - 1].article.id for n in first.claims[0].citations}
    assert set(right.articles) == lead  # not those of the other values
    assert wrong.unanswerable and "draft" in wrong.tags and wrong.history == (("a", "b"),)


def test_a_mistyped_command_is_no_set(run: RunCommand) -> None:
    done = run("eval", "comapre", "runs/a", "runs/b")
    assert done.returncode == 2 and "Did you mean 'compare'" in done.stderr


def test_the_command_line(run: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    records = [{"id": "a", "question": "Who won the Sun Bluff Marathon?", "answers": ["x"]},
               {"id": "b", "question": "Capital of France?", "unanswerable": True}]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, records)))
    out = str(tmp_path / "run")
    done = run("eval", str(file), "--out", out, "--json", "--engine", "passages_read=4")
    assert done.returncode == 0, done.stderr
    assert "Answered from the sample articles" in done.stderr
    found = json.loads(done.stdout)
    assert found["cases"] == 2 and found["settings"]["passages_read"] == 4
    assert found["archive"]["articles"] > 0 and found["unasked"] == 0
    again = run("eval", str(file), "--out", out, "--engine", "passages_read=4")
    assert "is finished: only what failed is asked again" in again.stderr
    other = run("eval", str(file), "--out", out)
    assert other.returncode == 1 and "choose another folder with --out" in other.stderr
    assert run("eval", "check", out).returncode == 1
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

    def replies(prompt: str) -> Reply:
        asked.append(prompt)
        record = json.loads(prompt.split("\n\n")[1])
        case = next(c for c in CASES if c.question == record["question"])
        return Reply("Yes." if case.id in right else "**NO**", 200, 2, "usage")

    judged = score(judge(load_run(tmp_path), replies, Prices(2.0, 10.0)))
    assert value(judged, "judge_agreement") == 1
    assert judged.metrics["judge_right"].n == len(CASES)
    assert len(asked) == len(CASES)
    judge(load_run(tmp_path), replies)
    assert len(asked) == len(CASES), "what is judged is not judged again"
    with pytest.raises(OnRecordError, match="was judged by another model"):
        judge(load_run(tmp_path), replies, name="a sterner one")
    n, cost = len(CASES), (200 * 2.0 + 2 * 10.0) / 1_000_000
    assert value(judged, "judge_tokens") == 202 and value(judged, "judge_cost") == cost
    assert judged.judge == Usage(n, 200 * n, 2 * n, "usage", pytest.approx(cost * n))
    assert f"{n} calls, {200 * n:,} tokens in, {2 * n} out (usage), cost 0.0" in str(judged.judge)
    assert judged.as_dict()["judge"]["calls"] == n and report.judge is None


def test_a_judge_without_a_verdict_leaves_the_case_unscored(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    found = score(judge(load_run(tmp_path), lambda _: Reply("Hm.", 9, 1, "tiktoken")))
    assert "judge_right" not in found.metrics
    assert found.judge and found.judge.cost is None and "no price given" in str(found.judge)


def test_a_judge_that_fails_keeps_what_it_judged(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    replies = [Reply("YES", 1, 1, "usage")] * 2

    def failing(_: str) -> Reply:
        return replies.pop()

    with pytest.raises(OnRecordError, match=r"judge failed on case .* run the same again"):
        judge(load_run(tmp_path), failing)
    assert len(load_run(tmp_path).judged) == 2


def test_any_llama_index_model_can_judge(run: RunCommand, folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    words = ("eval", "judge", str(tmp_path), "llama_index.core.llms:MockLLM", "--json")
    done = run(*words, "--price-in", "1", "--price-out", "1")
    assert done.returncode == 0, done.stderr  # it repeats the prompt: no verdicts
    told = json.loads(done.stdout)["judge"]
    assert told["calls"] == len(CASES) and told["counted"] == "tiktoken"
    assert told["tokens_in"] == told["tokens_out"] > 50 * len(CASES)
    assert told["cost"] == pytest.approx(2 * told["tokens_in"] / 1_000_000)
    assert "Judge" in (tmp_path / "report.html").read_text()
    half = run(*words, "--price-in", "1")
    assert half.returncode == 1 and "both --price-in and --price-out" in half.stderr
    wrong = run("eval", "judge", str(tmp_path), "nowhere:Nothing")
    assert wrong.returncode == 1 and "MODULE:CLASS" in wrong.stderr

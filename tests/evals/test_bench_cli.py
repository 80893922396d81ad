"""The commands of `onrecord bench`, and what they print."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus import OnRecordError
from evals.bench import cli, files
from evals.bench.result import Result, means
from evals.statistics import proportion
from qa import Hit, Span


class Last:
    """A reader that points at the last word of every passage."""

    def read(self, _: str, hits: Sequence[Hit]) -> list[Span]:
        spans = []
        for hit in hits:
            text = hit.passage.text.rstrip(".")
            start = hit.passage.start + text.rfind(" ") + 1
            spans.append(Span(hit, start, hit.passage.start + len(text), 0.9))
        return spans


def turn(n: int) -> dict[str, object]:
    return {
        "History": ["Frank Zappa", "Disbandment"],
        "QuAC_dialog_id": f"C_{n}",
        "Question": "What group was it that disbanded?",
        "Rewrite": "What group was it that disbanded?",
    }


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "dev.jsonl"
    path.write_text("".join(json.dumps(turn(n)) + "\n" for n in range(5)))
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(cli, "_reader", Last)
    return CliRunner()


def test_json_has_exactly_the_parts_it_promises(run: CliRunner, turns: Path) -> None:
    done = run.invoke(cli.bench, ["canard", str(turns), "--limit", "3", "--json"])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert list(found) == ["benchmark", "n", "metrics", "seconds", "versions"]
    assert (found["benchmark"], found["n"]) == ("canard", 3)
    assert found["metrics"]["bleu"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert set(found["seconds"]) == {"total", "median", "p95"}
    assert "onnxruntime" in found["versions"]


def test_lines_for_people(run: CliRunner, turns: Path) -> None:
    lines = run.invoke(cli.bench, ["canard", str(turns)]).stdout.splitlines()
    assert lines[0] == "canard, n=5"
    assert "bleu                       1.000 (1.000 to 1.000, n=5)" in lines
    assert lines[-1].startswith("seconds  ")


def test_squad_command_reads_the_texts_given(run: CliRunner, tmp_path: Path) -> None:
    entry = {"id": "1", "question": "From where?", "answers": [{"text": "Denmark"}]}
    paragraph = {"context": "They came from Denmark.", "qas": [entry]}
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"title": "Normans", "paragraphs": [paragraph]}]}))
    done = run.invoke(cli.bench, ["squad", str(file), "--json"])
    assert json.loads(done.stdout)["metrics"]["exact"]["value"] == 1.0


def test_held_out_articles_are_known_by_their_titles(run: CliRunner, tmp_path: Path) -> None:
    titles = ["Prime_number", "Normans", "Fresno,_California", "Amazon_rainforest", "Latin"]
    paragraphs = {
        title: {"context": "They came from Denmark.", "qas": [
            {"id": title, "question": "Where?", "answers": [{"text": "Denmark"}]}
        ]} for title in titles
    }  # fmt: skip
    data = [{"title": t, "paragraphs": [paragraphs[t]]} for t in titles]
    for name, some in (("dev-v2.0.json", data), ("others.json", data[1:3])):
        (tmp_path / name).write_text(json.dumps({"data": some}))
    words = ["squad", str(tmp_path / "dev-v2.0.json"), "--held-out", "--json"]
    assert json.loads(run.invoke(cli.bench, words).stdout)["n"] == 3
    failed = run.invoke(cli.bench, ["squad", str(tmp_path / "others.json"), "--held-out"])
    assert isinstance(failed.exception, OnRecordError)
    assert "held out none of these articles" in str(failed.exception)


def test_realtimeqa_command_indexes_once_and_filters(run: CliRunner, tmp_path: Path) -> None:
    quizzes = [
        {"question_id": f"{day}_0", "question_sentence": "Which day did it reopen?",
         "choices": ["Monday", "Friday"], "answer": ["1"], "gold_urls": ["https://n.example/b"]}
        for day in ("20220617", "20230120")
    ]  # fmt: skip
    article = {"url": "https://n.example/b", "title": "Bridge", "text": "It reopened on Friday."}
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, quizzes)))
    (tmp_path / "articles.jsonl").write_text(json.dumps(article))
    words = ["realtimeqa", str(tmp_path), "--data", str(tmp_path / "data"), "--json"]
    both = json.loads(run.invoke(cli.bench, words).stdout)
    assert (both["n"], both["metrics"]["exact"]["value"]) == (2, 1.0)
    assert both["metrics"]["gold_article@1"]["value"] == 1.0
    assert (tmp_path / "data" / "library.db").exists()
    (tmp_path / "articles.jsonl").write_text("")  # the index is there: nothing more is needed
    first = json.loads(run.invoke(cli.bench, [*words, "--to", "2023-01-13"]).stdout)
    assert (first["n"], first["metrics"]["exact"]["value"]) == (1, 1.0)


def test_every_benchmark_has_a_command_with_an_example(run: CliRunner) -> None:
    names = "squad ramdocs rgb canard mtrag realtimeqa extraction beir multihop".split()
    listed = run.invoke(cli.bench, ["--help"]).stdout
    for name in names:
        assert name in listed
        told = run.invoke(cli.bench, [name, "--help"]).stdout
        assert f"Example: onrecord bench {name}" in told
        assert "--limit" in told and "--json" in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("ramdocs", "no such file or directory"),
        ("canard", "no such file or directory"),
        ("mtrag", "no such folder; give the one that holds tasks.jsonl"),
        ("extraction", "no such folder; give the one that holds ground-truth.json"),
        ("beir", "no such folder; give the one that holds test.tsv"),
        ("multihop", "no such folder; give the one that holds MultiHopRAG.json"),
    ],
)
def test_a_missing_path_is_one_clear_line(
    run: CliRunner, tmp_path: Path, command: str, told: str
) -> None:
    error = run.invoke(cli.bench, [command, str(tmp_path / "none")]).exception
    assert isinstance(error, OnRecordError)
    assert told in str(error) and "\n" not in str(error)


# -- what all of them share ---------------------------------------------------------------


@pytest.mark.parametrize("packed", ["", ".xz", ".gz"])
def test_files_are_read_plain_and_packed(tmp_path: Path, packed: str) -> None:
    data = b'{"a": "1"}\n\n{"a": "2"}\n'
    packers = {".xz": lzma.compress, ".gz": gzip.compress}
    path = tmp_path / f"tasks.jsonl{packed}"
    path.write_bytes(packers.get(packed, bytes)(data))
    found = list(files.records(files.find(tmp_path, "tasks.jsonl")))
    assert found == [(f"{path}:1", {"a": "1"}), (f"{path}:3", {"a": "2"})]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"a": 1}\n{"a": ', r"f\.jsonl:2: not valid JSON"),
        (b"7\n", r"f\.jsonl:1: expected an object, found int"),
        (b"[7]", r"f\.jsonl\[0\]: expected an object, found int"),
        (b"[\n{},\n{]", r"f\.jsonl:3: not valid JSON"),
        (b"\xff\xfe\x00", r"f\.jsonl: cannot be read"),
    ],
)
def test_broken_files_are_told_by_line(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(data)
    with pytest.raises(OnRecordError, match=told):
        list(files.records(path))


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl.xz"
    path.write_bytes(b"not packed at all")
    with pytest.raises(OnRecordError, match=r"f\.jsonl\.xz: cannot be read"):
        list(files.records(path))


def test_unscored_is_absent_rather_than_zero() -> None:
    assert set(means({"some": [1.0, 0.5], "none": []})) == {"some"}


def test_results_are_rounded_alike() -> None:
    result = Result("x", 3, {"m": proportion(1, 3)}, {"total": 1.23456}, {"onrecord": "1"})
    assert result.as_dict()["metrics"]["m"]["value"] == 0.333333
    assert result.as_dict()["seconds"] == {"total": 1.2346}

"""The command line: what a user types and sees."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from conftest import Run

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "qa" / "schemas" / "answer.schema.json").read_text("utf-8")
)


def test_a_newcomer_gets_a_cited_answer_from_the_samples(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = run("ask", "how many troops went to Tijuana?", HOME=str(home), XDG_CACHE_HOME="")
    assert not list(home.iterdir()), "nobody's telemetry is kept there, nor anything else"
    assert done.returncode == 0
    assert "1,949 [1]" in done.stdout
    assert "\n[1] " in done.stdout and "“" in done.stdout
    assert "sample articles" in done.stderr and "onrecord ingest" in done.stderr
    assert "\x1b[" not in done.stdout
    again = json.loads(run("ask", "--json", "how many troops went to Tijuana?").stdout)
    jsonschema.validate(again, SCHEMA)
    assert all(c["quote"] for c in again["citations"])


def test_from_ones_own_articles_to_an_answer(run: Run, articles: Path) -> None:
    (articles / "junk.txt").write_bytes(bytes(range(256)))
    done = run("ingest", str(articles))
    assert done.returncode == 3
    assert "added 2, changed 0, unchanged 0, skipped 1; now 2 articles" in done.stdout
    assert "junk.txt: not text" in done.stderr
    assert "unchanged 2" in run("ingest", str(articles)).stdout
    answer = json.loads(run("ask", "--json", "how", "many", "tons", "of", "apples?").stdout)
    assert answer["short"].startswith("5,300")
    listed = json.loads(run("articles", "list", "--json").stdout)
    assert [a["outlet"] for a in listed] == ["Vale Gazette", ""]
    shown = run("articles", "show", listed[0]["article_id"][:6])
    assert "A frost in April" in shown.stdout
    found = json.loads(run("search", "frost", "--json", "--limit", "1").stdout)
    assert found[0]["title"] == "Apple harvest smallest in years"
    assert run("articles", "remove", listed[0]["article_id"]).returncode == 0
    assert len(json.loads(run("articles", "list", "--json").stdout)) == 1
    assert "indexed 1 passages" in run("reindex").stdout
    assert json.loads(run("doctor", "--json").stdout)["problems"] == []


def test_standard_input(run: Run) -> None:
    done = run("ingest", "-", stdin="Dam holds\n\nThe dam above Orra held on Tuesday.")
    assert done.returncode == 0
    assert "Tuesday" in run("ask", "-", stdin="when did the dam above Orra hold?").stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["ask", " "], "the question is blank"),
        (["ask", "x" * 20_000], "at most 2,000"),
        (["ask", "who?", "--after", "soon"], "cannot read the date 'soon'"),
        (["ask", "who?", "--outlet", "Nowhere"], "no outlet named 'Nowhere'"),
        (["ask", "who?", "--data", "/dev/null/x"], "choose another with --data"),
        (["articles", "show", "zz"], "no article's id starts with 'zz'"),
        (["articles", "remove", "zz"], "no article's id starts with 'zz'"),
        (["ingest", "x", "--map", "nonsense"], "cannot use --map"),
        (["reindex"], "no library"),
        (["serve", "--host", "203.0.113.1"], "cannot listen on"),
    ],
)
def test_a_mistake_is_one_line_and_not_zero(run: Run, words: list[str], text: str) -> None:
    done = run(*words)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("onrecord: ")]
    assert len(errors) == 1 and text in errors[0]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["nonsense"], ["ask"], ["search", "x", "--limit", "0"]])
def test_a_wrong_call_exits_with_2(run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_pipe_that_closes_and_a_terminal_without_a_sign_are_no_errors(run: Run) -> None:
    command = [sys.executable, "-m", "evals.cli", "articles", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 141
    done = run("ask", "--json", "who won the Sun Bluff Marathon?", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)


def test_a_folder_without_a_name_is_a_wrong_call(run: Run) -> None:
    done = run("articles", "list", "--data", "")
    assert (done.returncode, "name a folder" in done.stderr) == (2, True)
    assert run("doctor", "--data", "/dev/null/x").returncode == 1


@pytest.mark.parametrize("words", [[], ["eval"]])
def test_without_a_command_there_is_help_and_nothing_else(run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "Usage:" in done.stdout + done.stderr and "onrecord: " not in done.stderr


def test_a_missing_path_is_said_and_skipped(run: Run, tmp_path: Path) -> None:
    done = run("ingest", str(tmp_path / "gone"))
    assert done.returncode == 3
    assert "no such file" in done.stderr


def test_a_port_in_use_is_said(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "cannot listen on 127.0.0.1" in done.stderr and "--port" in done.stderr


def count_articles(library: Path) -> int:
    try:
        with sqlite3.connect(f"file:{library}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_ctrl_c_in_mid_ingest_loses_nothing(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "many.jsonl"
    records = ({"title": f"T {n}", "body": f"Story {n}. " + "Word " * 120} for n in range(3000))
    source.write_text("\n".join(map(json.dumps, records)))
    process = subprocess.Popen(
        [sys.executable, "-m", "evals.cli", "ingest", str(source)],
        env=os.environ | {"ONRECORD_DATA": str(tmp_path / "data")},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while count_articles(tmp_path / "data" / "library.db") < 128:  # the first batch is indexed
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "stopped" in errors and "Traceback" not in errors
    assert run("articles", "list").stdout.count("\n") >= 64
    assert run("doctor").returncode == 0


def test_while_one_process_writes_others_are_refused_with_words(run: Run, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom index import Archive\n"
        f"archive = Archive.open({str(tmp_path / 'data')!r})\n"
        "with archive._lock.writing():\n    print('ready', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout and holder.stdout.readline() == "ready\n"
        done = run("ask", "who won the marathon?")
        assert done.returncode == 1
        assert "is writing to" in done.stderr and "try again" in done.stderr
    finally:
        holder.kill()
        holder.communicate()
    assert run("ask", "who won the marathon?").returncode == 0


def test_help_has_examples(run: Run) -> None:
    for command in ("ingest", "ask", "search", "serve"):
        assert "Example: onrecord" in run(command, "--help").stdout

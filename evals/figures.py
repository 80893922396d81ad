"""One table of what the shipped defaults score on the public sets.

    python -m evals.figures DATA [NAME...] --out figures.json > table.md

DATA is laid out as in `_SETS`. Each set is run by its own command, named in the table; what was
measured before is kept in the JSON file, so that one set can be measured anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class _Set:
    """A benchmark, where it lies under DATA, and the figures worth a row."""

    command: tuple[str, ...]
    path: str
    metrics: dict[str, str]


_SETS = {
    "SQuAD 2.0, held-out articles": _Set(
        ("squad", "--held-out"), "squad/squad2.json",
        {"best_f1": "F1 at the best threshold", "f1": "F1 at the shipped one",
         "HasAns_f1": "F1, answerable, at the shipped threshold"},
    ),
    "New-Wiki, held-out articles": _Set(
        ("squad", "--held-out"), "squad/new_wiki.json",
        {"best_f1": "F1 at the best threshold", "f1": "F1 at the shipped one"},
    ),
    "RGB (half)": _Set(
        ("rgb",), "rgb/en_fact.jsonl",
        {"accuracy_noise_0.0": "accuracy, noise 0", "accuracy_noise_0.4": "accuracy, noise .4",
         "accuracy_noise_0.8": "accuracy, noise .8", "rejection": "rejection"},
    ),
    "RAMDocs (half)": _Set(("ramdocs",), "ramdocs/ramdocs.jsonl", {"exact_match": "exact match"}),
    "CANARD (half)": _Set(
        ("canard",), "canard/dev.jsonl", {"bleu": "BLEU", "copy_bleu": "BLEU of copying"}
    ),
    "MTRAG-UN (half)": _Set(
        ("mtrag",), "mtrag",
        {"abstention_balanced": "abstention, balanced", "passage_recall@5": "passage recall at 5",
         "passage_recall@10": "at 10"},
    ),
    "RealTimeQA, 2022-06-17 to 2023-01-13": _Set(
        ("realtimeqa", "--from", "2022-06-17", "--to", "2023-01-13"), "realtimeqa",
        {"exact": "EM", "f1": "F1", "gold_article@1": "gold article at 1",
         "gold_article@5": "at 5", "gold_article@10": "at 10", "gold_article@20": "at 20",
         "shown_gold_article@1": "the same as an answer shows them, at 1",
         "answer_in_top@50": "answer in the first 50 passages"},
    ),
    "Article extraction": _Set(
        ("extraction",), "article-extraction",
        {"f1": "F1", "precision": "precision", "recall": "recall"},
    ),
}  # fmt: skip


def main() -> None:
    """Measure the sets named, or all that are there, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.figures", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", help="starts of set names; all by default")
    parser.add_argument("--out", type=Path, default=Path("figures.json"))
    given = parser.parse_args()
    found = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {}
    for name, one in _SETS.items():
        wanted = not given.names or any(
            name.casefold().startswith(n.casefold()) for n in given.names
        )
        if wanted and (given.data / one.path).exists():
            found[name] = _measure(one, given.data)
            given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n".join(table(found)))


def _measure(one: _Set, data: Path) -> Any:
    name, *options = one.command
    command = ["bench", name, str(data / one.path), *options, "--json"]
    print(f"onrecord {' '.join(command)}", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", "evals.cli", *command], stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def table(found: dict[str, Any]) -> list[str]:
    """Lines of Markdown: a row a figure, with its interval and number of questions."""
    lines = ["| set | n | figure | value | 95 % | command |", "|---|---|---|---|---|---|"]
    for name, result in found.items():
        one = _SETS[name]
        command = f"`onrecord bench {' '.join((one.command[0], one.path, *one.command[1:]))}`"
        cells = (name, result["n"])
        for metric, label in one.metrics.items():
            if figure := result["metrics"].get(metric):
                value, low, high = (f"{figure[key]:.3f}" for key in ("value", "low", "high"))
                row = (*cells, label, value, f"{low} to {high}", command)
                lines.append(f"| {' | '.join(map(str, row))} |")
                cells, command = ("", ""), ""  # told once a set
    return lines


if __name__ == "__main__":
    main()

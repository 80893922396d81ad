"""Benchmarks of text against text: CANARD's rewrites and article extraction."""

from __future__ import annotations

import gzip
import json
import math
import random
from pathlib import Path

import pytest

from corpus import OnRecordError
from evals.bench import canard, extraction

# -- CANARD -------------------------------------------------------------------------------

HEADINGS = ["Frank Zappa", "Disbandment"]


@pytest.mark.parametrize(
    ("rewrites", "references", "expected"),
    [
        (["a b c d"], ["a b c d"], 1.0),
        # 4/5, 3/4, 2/3 and 1/2 of the n-grams match.
        (["a b c d e"], ["a b c d f"], (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25),
        (["a b c d"], ["a b c d e"], math.exp(1 - 5 / 4)),
        # A word counts as often as the reference has it.
        (["a a b c d e"], ["a b c d e f"], (5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25),
        # Counts are summed over the corpus before they are divided; no order is empty then.
        (["a b c d", "x"], ["a b c d", "y"], (4 / 5 * 1 * 1 * 1) ** 0.25),
        (["A b c d"], ["a b c d"], 0.0),
        (["", "a b c d e"], ["q", "a b c d e"], math.exp(1 - 6 / 5)),
    ],
)
def test_bleu(rewrites: list[str], references: list[str], expected: float) -> None:
    assert canard.bleu(rewrites, references) == pytest.approx(expected)


def test_bleu_agrees_with_nltk() -> None:
    nltk = pytest.importorskip("nltk.translate.bleu_score")
    rng = random.Random(2)
    texts = [
        [" ".join(rng.choices("abcde", k=rng.randint(4, 20))) for _ in "12"] for _ in range(60)
    ]
    ours = canard.bleu([a for a, _ in texts], [b for _, b in texts])
    theirs = nltk.corpus_bleu([[b.split()] for _, b in texts], [a.split() for a, _ in texts])
    assert 0 < ours == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Did they win in 1,949.5 km, or not?", "Did they win in 1,949.5 km , or not ?"),
        ("It's J. Smith's (last) day.", "It's J . Smith's ( last ) day ."),
        ("1990-91 &amp; well-known", "1990 - 91 & well-known"),
    ],
)
def test_tokens_are_those_of_mteval(text: str, tokens: str) -> None:
    assert canard.tokens(text) == tokens.split()


def turns_file(tmp_path: Path) -> Path:
    first = ["What group disbanded?", "The Mothers of Invention"]
    common = {"QuAC_dialog_id": "C_1", "Question_no": 1}
    records = [
        {"History": HEADINGS, "Question": first[0], "Rewrite": first[0], **common},
        {
            "History": [*HEADINGS, *first],
            "Question": "When did they disband?",
            "Rewrite": "When did the Mothers of Invention disband?",
            **common,
        },
    ]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(records))
    return path


def test_canard_gives_the_turns_without_the_headings(tmp_path: Path) -> None:
    first, second = canard.load(turns_file(tmp_path))
    assert first.history == ()
    assert second.history == (("What group disbanded?", "The Mothers of Invention"),)


def test_canard_scores_the_rewriter(tmp_path: Path) -> None:
    turns = list(canard.load(turns_file(tmp_path)))
    answers = {turn.question: turn.rewrite for turn in turns}
    perfect = canard.run(turns, lambda question, _: answers[question]).metrics
    assert (perfect["bleu"].value, perfect["exact"].value) == (1.0, 1.0)
    copied = canard.run(turns, lambda question, _: question).metrics
    assert copied["exact"].value == 0.5
    # 7 of 9 words, 4 of 7 pairs, 2 of 5 triples, 1 of 3 fours; 9 tokens for 12.
    expected = math.exp(1 - 12 / 9) * (8 / 9 * 5 / 7 * 2 / 5 * 1 / 3) ** 0.25
    assert copied["bleu"].value == copied["copy_bleu"].value == pytest.approx(expected)


def test_canard_names_the_record_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text('[{"History": ["a", "b"], "Question": 3}]')
    with pytest.raises(OnRecordError, match=r"dev\.json\[0\]: Question: expected text, found 3"):
        list(canard.load(path))


# -- article extraction -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("truth", "text", "both", "extra", "missing"),
    [
        ("a b c d e", "a b c d e", 1, 0, 0),
        ("a b c d e", "a b c d x", 1 / 3, 1 / 3, 1 / 3),
        ("a b c d e", "a b c d e f g", 1 / 2, 1 / 2, 0),
        ("a b c d", "", 0, 0, 1),
        ("", "a b, c d!", 0, 1, 0),
        ("a b", "a b", 1, 0, 0),  # a short text is one run
        ("a b c d a b c d", "a b c d", 1 / 5, 0, 4 / 5),  # runs count as often as they stand
        ("", "", 0, 0, 0),
    ],
)
def test_overlap(truth: str, text: str, both: float, extra: float, missing: float) -> None:
    found = extraction.overlap(truth, text)
    assert (found.both, found.extra, found.missing) == pytest.approx((both, extra, missing))


def test_f1_is_that_of_the_mean_precision_and_recall() -> None:
    overlaps = [extraction.overlap("a b c d e", "a b c d e f g"), extraction.overlap("a b c d", "")]
    assert extraction.precision(overlaps) == 1 / 2  # the page without text has no precision
    assert extraction.recall(overlaps) == 1 / 2  # but the recall of 0
    overlaps.append(extraction.overlap("v w x y", "v w x y"))
    p, r = 3 / 4, 2 / 3
    assert extraction.f1(overlaps) == pytest.approx(2 * p * r / (p + r))


def pages_folder(tmp_path: Path) -> Path:
    sentence = "The bridge over the Orra reopened on Friday after fourteen months of repairs. "
    pages = {"good": f"<article><h1>Bridge</h1><p>{sentence * 4}</p></article>", "empty": ""}
    (tmp_path / "html").mkdir()
    for name, body in pages.items():
        page = f"<html><head><title>Bridge</title></head><body>{body}</body></html>"
        (tmp_path / "html" / f"{name}.html.gz").write_bytes(gzip.compress(page.encode()))
    truth = {name: {"articleBody": sentence * 4, "url": "u"} for name in pages}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
    return tmp_path


def test_extraction_of_pages(tmp_path: Path) -> None:
    folder = pages_folder(tmp_path)
    result = extraction.run(folder)
    values = {name: figure.value for name, figure in result.metrics.items()}
    assert result.n == 2
    assert values["precision"] > 0.9
    assert 0.45 < values["recall"] <= 0.5
    assert values["failures"] == 0.5
    assert extraction.run(folder, limit=1).metrics["failures"].value == 0.0


def test_a_missing_page_is_named(tmp_path: Path) -> None:
    folder = pages_folder(tmp_path)
    (folder / "html" / "good.html.gz").unlink()
    with pytest.raises(OnRecordError, match=r"good\.html\.gz: no such page"):
        extraction.run(folder)

"""The metadata benchmark: what counts as right, and that its truth is facts only."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from corpus import Article, OnRecordError
from evals.bench import extraction, metadata

TRUTHS = [json.loads(line) for line in metadata._TRUTH.read_text("utf-8").splitlines()]


def article(**parts: object) -> Article:
    return Article.create(title="Dam holds!", body="It held.", **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "truth", "scores"),
    [
        ({}, {"title": ["The dam", "dam holds"]}, {"title": 1.0}),
        ({"outlet": "the orrapost"}, {"outlet": ["Orra Post"]}, {"outlet": 1.0}),
        ({"authors": ("B", "a")}, {"authors": [["A", "B"]]}, {"authors": 1.0}),
        ({"authors": ("A",)}, {"authors": [["A", "B"]]}, {"authors": 0.0}),
        ({"authors": ()}, {"authors": [["Staff"], []]}, {"authors": 1.0}),
        ({"section": "Region"}, {"section": ["World"]}, {"section": 0.0}),
    ],
)
def test_what_is_right(parts: dict, truth: dict, scores: dict) -> None:  # type: ignore[type-arg]
    found = metadata.score(article(**parts), truth | {"published": "2025-02-05"})
    assert {key: found[key] for key in scores} == scores


def test_moments_are_compared_to_the_minute_and_days_as_written() -> None:
    late = datetime(2025, 2, 6, 0, 15, tzinfo=timezone(timedelta(hours=1)))
    truth = {"published": "2025-02-05T23:15:30+00:00", "updated": None}
    found = metadata.score(article(published=late), truth)
    assert (found["published"], found["day"], found["updated"]) == (1.0, 1.0, 1.0)
    found = metadata.score(article(published=datetime(2025, 2, 5, tzinfo=UTC)), truth)
    assert (found["published"], found["day"]) == (0.0, 1.0)
    found = metadata.score(article(updated=late), truth)
    assert (found["published"], found["updated"]) == (0.0, 0.0)


def test_the_truth_is_facts_on_at_least_40_pages() -> None:
    assert len({truth["page"] for truth in TRUTHS}) == len(TRUTHS) >= 40
    for truth in TRUTHS:
        assert set(truth) <= {"page", *metadata.FIELDS}
        assert all(len(title) < 200 for title in truth["title"])
    assert 20 <= sum(extraction.is_held_out(truth["page"]) for truth in TRUTHS) <= 40


def test_pages_are_read_and_scored(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    html = b"<html lang='en'><h1>Dam</h1><article><p>The dam of the town held and it was good."
    for truth in TRUTHS:
        (tmp_path / "html" / f"{truth['page']}.html.gz").write_bytes(gzip.compress(html))
    result = metadata.run(tmp_path)
    assert result.n == len(TRUTHS)
    assert result.metrics["title"].value == 0
    halves = [result.metrics[f"title, {half}"].n for half in ("tuning half", "held-out half")]
    assert sum(halves) == len(TRUTHS)


def test_a_missing_page_is_said(tmp_path: Path) -> None:
    with pytest.raises(OnRecordError, match="no such page"):
        metadata.run(tmp_path)

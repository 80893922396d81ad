"""Confidence: fitted on questions, lower where another value rivals, and as the settings say."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from corpus import Article, OnRecordError
from index import Hit
from index import Passage as Chunk
from qa.confidence import MODEL_FOLDER, Calibration, calibration, log_odds, sigmoid
from qa.evidence import GIVEN, NAMES, SKIMMED
from qa.settings import Settings
from qa.train.calibrate import (
    Judged,
    Passage,
    Reading,
    Thresholds,
    fit,
    lead,
    logistic,
    precise_from,
    separating,
    thresholds,
)


def reading(number: int, rng: random.Random) -> Reading:
    """A question of which the model's score tells, noisily, whether the answer is right."""
    answerable = number % 2 == 0
    # What no passage answers, all of them may be near to: so a strong rival speaks against a value.
    near = -1 if answerable else rng.gauss(-1, 1.5)
    passages = []
    for place in range(3):
        right = answerable and place == 0
        body = f"Value{number}x{place} stands here."
        article = Article.create(title=f"{number}/{place}", body=body)
        hit = Hit(Chunk(place, article.id, 0, len(body), body), article, 1.0, {"words": 1})
        end = len(body.split(maxsplit=1)[0])
        score = rng.gauss(3, 1.5) if right else rng.gauss(near, 1.5 if answerable else 0.5)
        told = {name: rng.random() for name in NAMES} | {"score": score, "search": 2.0 - place}
        # One network alone is less sure of what both see.
        skimmed = told | {"score": score + rng.gauss(0, 1)}
        both = ((SKIMMED, skimmed), (NAMES, told))
        passages.append(
            Passage(
                *(
                    Judged(hit, 0, end, np.array([given[n] for n in names]), right)
                    for names, given in both
                )
            )
        )
    return Reading(f"What is it, number {number}?", answerable, tuple(passages))


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    rng = random.Random(4)
    return [reading(n, rng) for n in range(300)]


def test_a_fit_tells_right_from_wrong_and_how_surely(readings: list[Reading]) -> None:
    fitted = fit(readings[:200])
    assert len(fitted.searched.weights) == len(NAMES)
    assert len(fitted.given.weights) == len(GIVEN)
    assert len(fitted.skimmed.weights) == len(SKIMMED)
    assert fitted.searched.weights[0] > fitted.skimmed.weights[0] > 0 > fitted.rival
    led = [lead(one, fitted) for one in readings[200:]]
    sure = np.array([fitted.confidence(one.own, one.rival) for one in led])
    right = np.array([one.right for one in led])
    assert sure[right].mean() > 0.7
    assert sure[~right].mean() < 0.3
    assert abs(sure.mean() - right.mean()) < 0.1


def test_thresholds_keep_what_they_promise(readings: list[Reading]) -> None:
    chosen = thresholds(readings)
    assert 0 < chosen.tentative_at < chosen.answered_at <= 1
    fitted = fit(readings)
    led = [lead(one, fitted) for one in readings]
    given = [
        one.right for one in led if fitted.confidence(one.own, one.rival) >= chosen.answered_at
    ]
    assert len(given) >= 20
    assert sum(given) / len(given) >= 0.9


def test_a_calibration_of_other_evidence_is_refused(tmp_path: Path) -> None:
    held = json.loads((MODEL_FOLDER / "calibration.json").read_text("utf-8"))
    text = json.dumps(held | {"features": ["score", "names"]})
    (tmp_path / "calibration.json").write_text(text, encoding="utf-8")
    with pytest.raises(OnRecordError, match="make it anew with"):
        calibration(tmp_path)


def test_a_rival_lowers_confidence() -> None:
    fitted = calibration()
    assert isinstance(fitted, Calibration)
    alone, rivalled = fitted.confidence(0.8, 0.0), fitted.confidence(0.8, 0.75)
    assert 0 < rivalled < alone < 1
    assert fitted.confidence(0.9, 0.2) > fitted.confidence(0.5, 0.2)
    assert 0 < fitted.confidence(0.0, 1.0) < fitted.confidence(1.0, 0.0) < 1


def test_log_odds_and_back() -> None:
    for probability in (0.01, 0.3, 0.5, 0.99):
        assert sigmoid(log_odds(probability)) == pytest.approx(probability)
    assert sigmoid(-800) == 0.0 and sigmoid(800) == 1.0


def test_the_logistic_fit_finds_known_weights() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 2))
    y = (rng.random(4000) < 1 / (1 + np.exp(-(1.5 * x[:, 0] - 0.5 * x[:, 1] + 0.3)))).astype(float)
    assert logistic(x, y) == pytest.approx([1.5, -0.5, 0.3], abs=0.15)


def test_thresholds_by_hand() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([1.0, 1.0, 0.0, 1.0, 0.0])
    assert precise_from(sure, right, least=2) == 0.8
    assert precise_from(sure, right, least=3) == 1.0


def test_answers_begin_where_they_gain_more_than_they_lose() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=4000)
    sure = 1 / (1 + np.exp(-logits))
    gains = rng.random(4000) < 1 / (1 + np.exp(-2 * (logits - 0.5)))
    right, answerable = gains.astype(float), gains.astype(float)
    crossing = 1 / (1 + np.exp(-0.5))
    assert separating(sure, right, answerable) == pytest.approx(crossing, abs=0.03)
    # Wrong answers to answerable questions lose nothing, however sure they are.
    wrong = rng.random(4000) < 0.3
    found = separating(sure, np.where(wrong, 0.0, right), np.where(wrong, 1.0, answerable))
    assert found == pytest.approx(crossing, abs=0.03)


def test_a_threshold_of_some_questions_holds_for_others() -> None:
    """It is nearly as good on others as theirs would be: the best one's peak is chance."""
    rng = np.random.default_rng(2)
    own, other = (rng.normal(size=700) for _ in range(2))
    gains = [rng.random(700) < 1 / (1 + np.exp(-logits)) for logits in (own, other)]
    at = separating(1 / (1 + np.exp(-own)), *(2 * [gains[0].astype(float)]))
    given = 1 / (1 + np.exp(-other)) >= at
    best = max(np.mean((other >= cut) == gains[1]) for cut in other)
    assert np.mean(given == gains[1]) >= best - 0.03


def test_the_settings_are_what_calibration_chose() -> None:
    held = json.loads((MODEL_FOLDER / "calibration.json").read_text("utf-8"))
    assert held["features"] == list(NAMES)
    for threshold in fields(Thresholds):
        assert getattr(Settings(), threshold.name) == held[threshold.name]

"""How probable it is that the value given is right: its own evidence, and what speaks against it.

A value that another one of like strength contradicts is less probable than its own evidence says,
and one that nothing else comes near is more so. Weights are fitted on questions to a whole archive
(`qa.train.calibrate`) and lie beside the reader.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus import OnRecordError
from qa.evidence import NAMES

MODEL_FOLDER = Path(__file__).parent / "models" / "reader"
_LEAST = 0.0025
"""No probability counts for less, nor for more than 1 less this."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Weights of a span's evidence: log-odds = weights . features + intercept."""

    weights: tuple[float, ...]
    """In the order of `qa.evidence`'s `SKIMMED`, `NAMES` or `GIVEN`."""
    intercept: float

    def log_odds(self, features: Sequence[float]) -> float:
        """That a span with these features is right."""
        return sum(w * f for w, f in zip(self.weights, features, strict=True)) + self.intercept


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `calibration.json` holds besides the figures about its making."""

    skimmed: Evidence
    """For passages that a search found and one network has read."""
    searched: Evidence
    """For those of them that both have read."""
    given: Evidence
    """For passages that are just given, and both have read."""
    own: float
    """Weight of the log-odds of the value given."""
    rival: float
    """Weight of the log-odds of the strongest other value."""
    base: float

    def by(self, *, was_read: bool, was_searched: bool) -> Evidence:
        """The weights for a passage, by whether both networks read it and whether it was found.

        Raises:
            ValueError: one that is just given is always read.
        """
        if not was_read and not was_searched:
            raise ValueError("a passage that no search found is read by both networks")
        if not was_read:
            return self.skimmed
        return self.searched if was_searched else self.given

    def confidence(self, own: float, rival: float) -> float:
        """Probability that a value is right, from its own and the strongest other one's."""
        return sigmoid(self.own * log_odds(own) + self.rival * log_odds(rival) + self.base)


@lru_cache(maxsize=4)
def calibration(folder: Path = MODEL_FOLDER) -> Calibration:
    """The calibration that lies in a reader's folder.

    Raises:
        OnRecordError: it was fitted to other evidence than is gathered now.
    """
    path = folder / "calibration.json"
    held = json.loads(path.read_text("utf-8"))
    if held["features"] != list(NAMES):
        raise OnRecordError(
            f"{path}: fitted to {', '.join(held['features'])}, not to {', '.join(NAMES)}; "
            "make it anew with `python -m qa.train.calibrate`"
        )
    skimmed, searched, given = (
        Evidence(tuple(held[name]["weights"]), held[name]["intercept"])
        for name in ("skimmed", "searched", "given")
    )
    return Calibration(skimmed, searched, given, held["own"], held["rival"], held["base"])


def log_odds(probability: float) -> float:
    """The log-odds of a probability, which is kept away from 0 and 1."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def sigmoid(logit: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-logit)) if logit > 0 else math.exp(logit) / (1 + math.exp(logit))

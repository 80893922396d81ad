"""The engine's settings: frozen, passed explicitly, no environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How a question is answered. Make variants with `dataclasses.replace`."""

    passages_read: int = 12
    """Passages that the reader gets, the best by search; it reads none that is far behind."""
    answered_at: float = 0.931
    """Probability of being right from which an answer is given as such."""
    tentative_at: float = 0.426
    """Probability, by the evidence of a value's sources, from which it is given as "the articles
    may say"; below it, none is given. What speaks against it lowers its confidence, not this."""
    claim_at: float = 0.4
    """Share of the best span's probability from which another span's value is listed."""
    longest_question: int = 2000
    """Characters; more is an error, not a question."""

    def __post_init__(self) -> None:
        """Refuse what no question could be answered with.

        Raises:
            ValueError: a number is out of its range.
        """
        for name in ("passages_read", "longest_question"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be 1 or more")
        for name in ("answered_at", "tentative_at", "claim_at"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be from 0 to 1")

"""Evidence for a span: what it is made of."""

import pytest

from qa.evidence import NAMES, features


@pytest.mark.parametrize(
    ("question", "span", "fits"),
    [
        ("When was it built?", "1885", True),
        ("When was it built?", "the 1950s", True),
        ("When does it open?", "May", True),
        ("When did it close?", "midnight", True),
        ("When did it close?", "yesterday", True),
        ("When did it close?", "two years before the war", True),
        ("When was it built?", "12,885 men", False),
        ("When was it built?", "the pier", False),
        ("How many came?", "1,949", True),
        ("How many came?", "the first of them", False),
        ("Who came?", "Marta Olivares", True),
        ("Who came?", "operators", False),
        ("What came?", "operators", True),
    ],
)
def test_a_span_is_of_the_kind_asked_for_or_not(question: str, span: str, fits: bool) -> None:
    made = dict(zip(NAMES, features(question, span, f"It was {span}.", 1.0), strict=False))
    assert made["kind"] == (0.0 if fits else -1.0)

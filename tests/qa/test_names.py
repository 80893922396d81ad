"""Names of people and countries."""

from __future__ import annotations

import pytest

from qa.names import name_words


@pytest.mark.parametrize(
    "text", ["President Claudia Sheinbaum", "Claudia Sheinbaum’s", "claudia sheinbaum"]
)
def test_names_without_titles(text: str) -> None:
    assert name_words(text) == ("claudia", "sheinbaum")


def test_a_title_alone_and_short_names_of_countries() -> None:
    assert name_words("the president") == name_words("The president") == ("president",)
    assert name_words("U.S.") == name_words("the United States") == ("us",)
    assert name_words("$2.5 million") == ("2.5", "million")
    assert name_words("45,000") == name_words("45000")


def test_accents_do_not_matter() -> None:
    assert name_words("Ciudad Juárez") == name_words("Ciudad Juarez")

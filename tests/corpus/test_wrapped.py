"""Text broken to fit a width, and text that only looks so."""

from __future__ import annotations

import textwrap
from email.message import EmailMessage

import pytest
from corpus_pages import STORY
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import clean
from corpus.letter import read_letter
from corpus.pdf import joined
from corpus.wrapped import unwrapped


@pytest.mark.parametrize("width", [40, 55, 72])
def test_a_wrapped_text_has_its_paragraphs_again(width: int) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)
    assert unwrapped(text) == "\n\n".join(STORY)
    assert clean(f"Dam holds\n\nBy Mara Lindt\n\n{text}").paragraphs == list(STORY)


def test_a_wrapped_letter_is_read_by_paragraphs() -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"] = "Dam holds", "Orra Post <news@orra.example>"
    letter.set_content("\n\n".join(textwrap.fill(paragraph, 50) for paragraph in STORY))
    assert read_letter(bytes(letter), "a.eml").body.split("\n\n") == list(STORY)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(STORY),
        "\n\n".join(STORY),
        "Dam holds\nBy Mara Lindt\nFebruary 5, 2025\n\nThe dam held on Tuesday.\nSo it did.",
        "\n".join(f"Village {n} votes to close its only school" for n in range(9)),
        "",
    ],
)
def test_what_is_not_wrapped_stays(text: str) -> None:
    assert unwrapped(text) == text


def test_a_line_of_a_page_may_begin_with_a_name() -> None:
    lines = [
        "Talks end in Orra",
        "By Ann Lee",
        "February 5, 2025",
        "The talks ended on Monday, said the foreign minister of",
        "Germany, Annalena Baerbock, who told the reporters in",
        "Brussels that she had been met there by President",
        "Donald Trump and that she had dined with the U.S.",
        "delegation and its staff until the late evening came.",
        *(line for paragraph in STORY for line in textwrap.wrap(paragraph, 54)),
    ]
    told = joined(["\n".join(lines)]).split("\n")
    assert told[:4] == [*lines[:3], " ".join(lines[3:8])]
    assert " ".join(told[4:]) == " ".join(STORY)


@given(st.text(alphabet="aB .-\n", max_size=400))
def test_no_word_is_lost(text: str) -> None:
    assert unwrapped(text).split() == text.split()

"""Whose account a question asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import Article
from qa import Engine
from qa.account import asked_of, without_account

OUTLETS = ("Lurania Times", "Baja Coast Tribune (invented)", "The Sun", "Reuters", "Sunday Times",
           "The Times of India", "(unknown)", "")  # fmt: skip


@pytest.mark.parametrize(
    ("question", "outlets", "bare"),
    [
        ("Who won, according to Reuters?", ("Reuters",), "Who won?"),
        ("According to the lurania times, who won?", ("Lurania Times",), "who won?"),
        ("In the Tribune, who won?", ("Baja Coast Tribune (invented)",), "who won?"),
        ("What did The Sun say about it?", ("The Sun",), "What did The Sun say about it?"),
        ("What did the sun say?", (), "What did the sun say?"),
        ("Who won, according to the Times?", (), "Who won, according to the Times?"),
        ("Who won in Reuters?", ("Reuters",), "Who won in Reuters?"),
        ("Who reported from Tijuana?", (), "Who reported from Tijuana?"),
        ("How many died in India?", (), "How many died in India?"),
        ("What did India say?", (), "What did India say?"),
        ("Who won, according to police?", (), "Who won, according to police?"),
        ("Who won, per Reuters?", ("Reuters",), "Who won?"),
        ("According to Reuters and The Sun, who won?", ("Reuters", "The Sun"), "who won?"),
        ("What toll did Reuters give?", ("Reuters",), "What toll did Reuters give?"),
    ],
)
def test_an_outlet_is_known_by_its_name(question: str, outlets: tuple[str, ...], bare: str) -> None:
    assert asked_of(question, OUTLETS) == outlets
    assert without_account(question, outlets) == bare


def test_only_what_it_wrote_is_searched(tmp_path: Path) -> None:
    bodies = {
        "Harbor Gazette": "About 140 people were on board the ferry Brigida when it sank.",
        "Lurania Times": "The ferry Brigida sank. On board the ferry were 152 people.",
    }
    articles = [
        Article.create(title=f"The ferry in the {outlet}", body=body, outlet=outlet)
        for outlet, body in bodies.items()
    ]
    with Engine.open(tmp_path) as engine:
        engine.add(articles)
        question = "How many people were on board the ferry"
        both = engine.ask(f"{question}?")
        alone = engine.ask(f"{question}, according to the Lurania Times?")
        history = [(f"{question}, according to the Lurania Times?", alone.text)]
        led = engine.ask("Why did it sink?", history)
        absent = engine.ask(f"{question}, according to the Orra Bulletin?")
    assert {claim.value for claim in both.claims} == {"About 140", "152"}
    assert [claim.value for claim in alone.claims] == ["152"]
    assert alone.notice == "Only what Lurania Times wrote was searched, as asked."
    assert led.read_as.startswith(question) and not led.notice  # nobody asked for it now
    assert "nothing by Orra Bulletin here" in absent.notice and absent.claims

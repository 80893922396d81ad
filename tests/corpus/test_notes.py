"""Corrections and the like: what is one, and what only speaks of one."""

from __future__ import annotations

import pytest

from corpus import Article
from corpus.notes import NoteKind, find_notes

STORY = "The dam above Orra held on Tuesday, engineers said."


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("Correction: The dam is 40 metres high, not 50.", NoteKind.CORRECTION),
        ("CORRECTION (Feb. 6): The dam is 40 metres high.", NoteKind.CORRECTION),
        ("Correction, Feb. 6, 2025: The dam is 40 metres high.", NoteKind.CORRECTION),
        ("[Corrected: the mayor's name is Lindt]", NoteKind.CORRECTION),
        ("An earlier version of this article misstated its height.", NoteKind.CORRECTION),
        ("This story has been corrected to say that the dam is 40 metres high.",
         NoteKind.CORRECTION),
        ("Clarification: The mayor spoke for the council.", NoteKind.CLARIFICATION),
        ("UPDATE, 3:15 p.m.: The river is falling.", NoteKind.UPDATE),
        ("This article was updated on Wednesday with the mayor's answer.", NoteKind.UPDATE),
        ("Editor’s note: We have removed a name.", NoteKind.EDITORS_NOTE),
        ("Editors' Note — This report rested on a forged letter.", NoteKind.EDITORS_NOTE),
        ("Retraction: The letter was forged.", NoteKind.RETRACTION),
        ("This article has been retracted because the letter was forged.", NoteKind.RETRACTION),
    ],
)  # fmt: skip
def test_notes_are_recognised_and_kept_to_the_letter(note: str, kind: NoteKind) -> None:
    for body in (f"{note}\n\n{STORY}", f"{STORY}\n\n{note}"):
        (found,) = find_notes("Dam holds", body)
        assert (found.kind, found.text) == (kind, note)
        assert found.text in body


@pytest.mark.parametrize(
    "line",
    [
        "The department of corrections: a house full of secrets, neighbours say.",
        "Corrections officers went on strike on Monday.",
        "The mayor issued a correction on Monday: the dam is safe.",
        "Updated figures show that 13 houses were damaged.",
        "The paper retracted its story about the dam in 2019.",
        "An earlier version of the plan had the dam at 50 metres.",
        "She was an editor: note-taking was her trade.",
    ],
)
def test_stories_about_such_things_have_no_note(line: str) -> None:
    assert find_notes("Dam holds", f"{line}\n\n{STORY}") == ()


def test_a_title_may_announce_it() -> None:
    (note,) = find_notes("RETRACTED: Dam letter shows neglect", STORY)
    assert note.kind is NoteKind.RETRACTION
    assert find_notes("Update: 13 houses damaged", STORY) == ()


def test_an_article_carries_its_notes() -> None:
    article = Article.create(title="Dam", body=f"{STORY}\n\nCorrection: It was Monday.")
    assert [note.text for note in article.notes] == ["Correction: It was Monday."]

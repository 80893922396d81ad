"""Notes that outlets put on their articles: corrections, clarifications, updates, retractions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note does to the article."""

    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    UPDATE = "update"
    EDITORS_NOTE = "editor's note"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class Note:
    """A note on an article, as it stands in its text or title."""

    kind: NoteKind
    text: str

    @property
    def label(self) -> str:
        """What to put before the text; "" where it begins with that itself."""
        name = self.kind.value.capitalize()
        return "" if self.text.casefold().startswith(self.kind.value) else f"{name}:"


_LONGEST = 1200
_MOST = 20
_WORDS = {
    NoteKind.RETRACTION: r"retract(?:ion|ed)|withdrawn",
    NoteKind.CORRECTION: r"corrections?|corrected|corrects|erratum|corrigendum",
    NoteKind.CLARIFICATION: r"clarifications?|clarified|clarifies",
    NoteKind.UPDATE: r"updates?|updated",
    NoteKind.EDITORS_NOTE: r"editor[’']?s[’']?\s+note|editors[’']\s+note|note\s+to\s+readers",
}
# "CORRECTION (Feb. 6): ...", "Update, 3:15 p.m.: ...", "Editor's note — ...", "RETRACTED: ...".
_DAY = (
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
)
_TIME = rf"(?:,\s|\s(?=\d|{_DAY}\b))[^\n—–]{{0,30}}?\d[^\n—–]{{0,20}}?"
_DATED = rf"(?:\s*\([^()\n]{{1,60}}\)|\s*\[[^\[\]\n]{{1,60}}\]|{_TIME})?"
_OPENING = {
    kind: re.compile(rf"(?i)[\[(*_—–\-\s]*(?:{words}){_DATED}\s*(?::|\s[—–-]\s|\]|\|)\s*\S")
    for kind, words in _WORDS.items()
}
_ANY_OPENING = re.compile(rf"(?i)[\[(*_—–\-\s]*(?:{'|'.join(_WORDS.values())})")
# "This article has been corrected to say ...", "An earlier version of this story misstated ...".
_PIECE = r"(?:article|story|report|post|piece|column|headline|version|page|item)"
_SENTENCES = (
    (
        NoteKind.RETRACTION,
        rf"this {_PIECE} (?:has been|was|is being) (?:retracted|withdrawn)"
        rf"|we (?:have )?retract(?:ed)? this {_PIECE}",
    ),
    (
        NoteKind.CORRECTION,
        rf"(?:an?|the) (?:earlier|previous|original) version of (?:this|the) {_PIECE}\b"
        r".{0,80}\b(?:mis\w+|incorrectly|wrong(?:ly)?|erroneously|inaccurate(?:ly)?|error)"
        rf"|this {_PIECE} (?:has been|was) corrected",
    ),
    (NoteKind.CLARIFICATION, rf"this {_PIECE} (?:has been|was) (?:clarified|amended|edited)"),
    (
        NoteKind.UPDATE,
        rf"this {_PIECE} (?:has been|was) updated (?:to|with|after|on|at|throughout)\b",
    ),
)
_SAYING = tuple((kind, re.compile(rf"(?i)\b(?:{words})")) for kind, words in _SENTENCES)
_FIRST_WORDS = 160  # characters of a paragraph in which such a sentence must begin
_SAID_BY = _FIRST_WORDS + 60  # where it has come to "this", or to "version of", at the latest


def find_notes(title: str, body: str) -> tuple[Note, ...]:
    """The notes in an article's text, in order, and those that its title announces.

    Only a paragraph that opens as a note or speaks of its own article counts: a story about
    somebody else's correction has none.
    """
    found = [note for line in body.split("\n") if (note := _note(line.strip()))]
    if not found and (kind := _announced(title)):
        found = [Note(kind, title)]
    return tuple(dict.fromkeys(found[:_MOST]))


def _note(line: str) -> Note | None:
    if not line or len(line) > _LONGEST:
        return None
    if _ANY_OPENING.match(line):  # spares most lines five matches
        for kind, opening in _OPENING.items():
            if opening.match(line):
                return Note(kind, line)
    start = line[:_SAID_BY].casefold()
    if "this " not in start and "version of" not in start:  # spares most lines four searches
        return None
    for kind, saying in _SAYING:
        if (match := saying.search(line)) and match.start() <= _FIRST_WORDS:
            return Note(kind, line)
    return None


def _announced(title: str) -> NoteKind | None:
    """A title such as "RETRACTED: ..." or "Correction: ..."; "Update: ..." is mere news."""
    kinds = (NoteKind.RETRACTION, NoteKind.CORRECTION, NoteKind.CLARIFICATION)
    return next((kind for kind in kinds if _OPENING[kind].match(title)), None)

"""Whom "he" and "she" mean in a conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qa.asked_names import BEFORE, NAME, OWN, OWN_NAME, WORD_OF_NAME, names_in
from qa.compose import MAY_SAY
from qa.exchange import CLAUSE
from qa.question import PEOPLE, Kind, kind_of

_OFFICE = re.compile(
    rf"(?i)\b(?:{PEOPLE}|secretary|chief|chair|speaker|chancellor|ceo|prince|princess)\b"
)
# "her" is "hers" before a word that it can own: "her mother", not "thanked her in", "told her why".
_NOT_OWNED = (
    rf"(?:{BEFORE}|and|or|why|how|what|when|where|that|last|first|again|famous|there|before|after"
    r"|as|this|today)\b"
)
_GIVEN = "".join(
    rf"(?<!\b{verb} )" for verb in "told tell gave give made make asked ask let".split()
)
OWNER = re.compile(rf"(?i)\b(?:his|{_GIVEN}her(?= (?!{_NOT_OWNED})\w))\b")
# "Which senator lost her seat?" asks for the one that owns it; "who won his seat?" does not.
OWNS_ITSELF = re.compile(
    r"(?i)\s*(?:(?:which|what)\s+[\w-]+\s+(?:won|kept|raised|cuts?|recalled|closed|sold|renamed"
    r"|doubled|suspended|lost|announced|left|quit|changed)|who\s+(?:lost|quit|left|announced))"
    r"\s+(?:its|their|his|her)\b"
)
# What a name may be of besides a person.
_THING = re.compile(
    r"(?:Storm|Hurricane|Typhoon|Cyclone|Operation|Mount|Lake|Line|Flight|Route|Highway|Interstate"
    r"|Proposition|Measure|Article|Section|Team)\b"
)
PERSON = re.compile(r"(?i)\b(?:he|she|him|her)\b")
_HE = re.compile(r"(?i)\b(?:he|him|his)\b")
_SHE = re.compile(r"(?i)\b(?:she|her|hers)\b")
_WHO_IS = re.compile(rf"(?i:\s*(?:(?:and|but|so) )?who(?:['’]s| is| was) )({NAME.pattern})\s*\??")
_NO_NAME = re.compile(r"(?i)he|she|they|it|we|i|you|this|that|who")
_TITLED = re.compile(rf"(?:[\w’'-]+ )+?({WORD_OF_NAME} {WORD_OF_NAME})")
_TOLD_TO = re.compile(r"(?i)\b(?:say|said|tell|told|speak|spoke|talk\w*|writ\w+|wrote|give|gave)\b")
_PLACE = re.compile(r"(?i)\b(?:to|in|at|from|on|near|of)\s+$")


def gender_of(question: str) -> str:
    """Which of "he" and "she" a question speaks of; "" of neither."""
    pronoun = OWNER.search(question) or PERSON.search(question)
    if not pronoun:
        return ""
    return "she" if pronoun.group().casefold() in ("she", "her") else "he"


def whom(question: str, person: str, kept: tuple[str, str], genders: Mapping[str, str]) -> str:
    """Whom "he" or "she" means: the person the turns were about last, but for one kept so.

    Who was "she" is never "he": then it is who was so last, or nobody that can be told.
    """
    gender, before = kept
    asked = gender_of(question)
    if gender and gender == asked:
        return before
    if asked and genders.get(person, asked) != asked:
        return next((name for name, own in reversed(list(genders.items())) if own == asked), "")
    return person


def with_person(question: str, person: str) -> str:
    """The question with the person's name for "he" or "she", where it names nobody itself."""
    pronoun = OWNER.search(question) or PERSON.search(question)
    if OWNER.search(question) and OWNS_ITSELF.match(question):
        return question
    named = OWN_NAME.search(question)
    if _HE.search(question) and _SHE.search(question):  # which of the two it is cannot be told
        return question
    if not person or not pronoun or (named and named.start() < pronoun.start()):
        return question
    owner, own = OWNER.search(question), PERSON.search(question)
    if owner and (not own or owner.start() <= own.start()):
        return OWNER.sub(f"{person}’s", question, count=1)
    return PERSON.sub(person, question, count=1)


def person_of(own: str, whole: str, answer: str) -> str:
    """Whom a turn was about, as far as can be told: whom it answers with, or the one it names."""
    said, kind = _value(answer).partition(",")[0], kind_of(whole)
    if kind is Kind.WHO:
        asked = _WHO_IS.fullmatch(own)
        if titled := _TITLED.fullmatch(said):  # "Deputy mayor Raymond Ortiz"
            said = titled.group(1)
        # "Who is Kash Patel?" may be told what he is: "FBI Director".
        office = _OFFICE.search(said) and (asked or " " not in said)
        named = NAME.fullmatch(said) and not office and not _NO_NAME.fullmatch(said)
        return said if named else asked.group(1) if asked else ""
    people = [m for m in names_in(own) if not _PLACE.search(own[: m.start()])]
    if len(people) < len(names_in(own)) and _TOLD_TO.search(own):  # he who says, or whom he tells
        return ""
    if len(people) != 1 or kind is Kind.DEFINITION:
        return ""
    name, opening = people[0].group(), own[: people[0].start()].strip()
    # Not "Trudeau's minister", nor the UN, nor the Carter of "Jimmy Carter died where?".
    whole_name = not _THING.match(name) and (" " in opening or bool(CLAUSE.fullmatch(opening)))
    return name if whole_name and not name.isupper() and not OWN.search(name) else ""


def _value(answer: str) -> str:
    """The value that an answer's text leads with (`qa.compose`)."""
    return answer.removeprefix(MAY_SAY).partition(" [")[0].strip(" .")

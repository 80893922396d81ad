"""Questions that lean on the ones before them, made to stand on their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qa.compose import MAY_SAY
from qa.dates import MONTHS, WEEKDAYS
from qa.question import PEOPLE, VERB, Kind, kind_of

_SPAN = (
    "(?:morning|afternoon|evening|night|day|week|weekend|month|year|season|summer|winter|spring"
    f"|{'|'.join(WEEKDAYS)})s?"
)
_LEANS = re.compile(
    r"(?i)\b(?:it|its|they|them|their|he|she|him|his|her|then|ones|the same"
    rf"|one(?!\s+(?:{_SPAN}|person|man|woman)\b)"
    rf"|(?:this|these|those)(?!\s+(?:past\s+)?{_SPAN})"
    # Not of "ruled that the ban": what follows there is a clause.
    r"|that(?!\s+(?:the|an?|no|(?-i:[A-ZÀ-Þ])))"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )there"
    r"(?! (?:is|are|was|were|be|will|would|may|might)\b))\b"
)
_FRAGMENT = re.compile(
    r"(?i)^\s*(?:and|or|but|so)?\s*(?:what|how) about\s+(.+?)\s*\??$|^\s*and\s+(.+?)\s*\??$"
)
_BEFORE = r"(?:to|in|for|at|from|on|with|by|of|about)"
_AGAIN = re.compile(
    rf"(?i)^\s*(?:and|or|but|so)?\s*(how many|how much|how long|\w+)\s+({_BEFORE}\s+.+?)\s*\??$"
)
_WORD_OF_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_OF_NAME = r"(?:(?:de|la|del|van|von|der|den|bin|ibn|al|da|di|dos|du) )"
_NAME = re.compile(rf"{_WORD_OF_NAME}(?:\s+{_OF_NAME}{{0,3}}{_WORD_OF_NAME})*(?:\s+\d+(?![\w.,]))?")
_INNER_NAME = re.compile(rf"(?<=[\w,’'] ){_NAME.pattern}")  # what opens a sentence may be none
_PLACED = re.compile(rf"(?:({_BEFORE})\s+)?(the\s+)?({_NAME.pattern})")
_OPENING = re.compile(rf"(?i)^(?:{_BEFORE}|the)\b")
_CLAUSE = re.compile(rf"(?i)(?:who|whom|whose|what|which|when|where|why|how)\b|{VERB}")
_TIME = re.compile(rf"(?i)(?:{'|'.join([*WEEKDAYS, *MONTHS])})(?:\s+\d+)?")
# "In May", "last year"; "march" and "may" are verbs in small letters.
_WHEN = re.compile(
    rf"\b(?:(?P<before>(?i:in|on|for|during|since|by)) )?(?P<time>(?:(?i:last|this|next) )?"
    rf"(?:(?:{'|'.join([*WEEKDAYS, *MONTHS]).title()})(?: \d{{1,2}})?(?:,? (?:19|20)\d\d)?"
    r"|(?:19|20)\d\d)|(?i:last|this|next) (?i:week|month|year|season)|(?i:yesterday|today))(?!\w)"
)
_RELATIVE = re.compile(r"(?i)(?:last|this|next) |yesterday|today")
_OF_YEAR = re.compile(r",? (?:19|20)\d\d$")
_LED_BY = re.compile(r"(?i)^(?:and|or|but|so|(?:and )?(?:what|how) about)\s+(?:how many\s+)?")
_OWN_NAME = re.compile(rf"(?<=[\w,] )(?!(?:{'|'.join([*WEEKDAYS, *MONTHS]).title()})\b)[A-ZÀ-Þ]\w+")
_OWN = re.compile(r"['’]s$")
_OFFICE = re.compile(
    rf"(?i)\b(?:{PEOPLE}|secretary|chief|chair|speaker|chancellor|ceo|prince|princess)\b"
)
_LEAD_WORD = re.compile(r"(?i)\s*(?:and|but|so|or)\b")
# "her" is "hers" before a word that it can own: "her mother", not "thanked her in", "told her why".
_NOT_OWNED = (
    rf"(?:{_BEFORE}|and|or|why|how|what|when|where|that|last|first|again|famous|there|before|after"
    r"|as|this|today)\b"
)
_GIVEN = "".join(
    rf"(?<!\b{verb} )" for verb in "told tell gave give made make asked ask let".split()
)
_OWNER = re.compile(rf"(?i)\b(?:his|{_GIVEN}her(?= (?!{_NOT_OWNED})\w))\b")
# "Which senator lost her seat?" asks for the one that owns it; "who won his seat?" does not.
_OWNS_ITSELF = re.compile(
    r"(?i)\s*(?:(?:which|what)\s+[\w-]+\s+(?:won|kept|raised|cuts?|recalled|closed|sold|renamed"
    r"|doubled|suspended|lost|announced|left|quit|changed)|who\s+(?:lost|quit|left|announced))"
    r"\s+(?:its|their|his|her)\b"
)
# "What did Quist say about it?"
_ENDS_LEANING = re.compile(
    r"(?i)\b(?:about|on|to|of|for|with|against) (?:it|this|that|them)\s*\??$"
)
_COURTESY = re.compile(
    r"(?i)\s*(?:ok(?:ay)?|great|thanks?(?: you)?(?: very much| so much| a lot)?|hello|hi|bye)\W*"
)
# What a name may be of besides a person.
_THING = re.compile(
    r"(?:Storm|Hurricane|Typhoon|Cyclone|Operation|Mount|Lake|Line|Flight|Route|Highway|Interstate"
    r"|Proposition|Measure|Article|Section|Team)\b"
)
_NOUN_BEHIND = re.compile(
    rf" (?!(?:and|or|than|after|since|during|ever|so|this|last|next|again|still|not|{_BEFORE})\b"
    rf"|{VERB})[a-z]{{4,}}"
)
_PERSON = re.compile(r"(?i)\b(?:he|she|him|her)\b")
_HE = re.compile(r"(?i)\b(?:he|him|his)\b")
_SHE = re.compile(r"(?i)\b(?:she|her|hers)\b")
_WHO_IS = re.compile(rf"(?i:\s*who(?:['’]s| is| was) )({_NAME.pattern})\s*\??")
_PLACE = re.compile(r"(?i)\b(?:to|in|at|from|on|near|of)\s+$")
_FEW_WORDS = 3
_STATE = re.compile(
    r"(?i)\s*(?:who|what|where|when|why|how(?: much| many)?)\s+(?:is|are|do|does)\b"
)
_ASKING = re.compile(
    r"(?i)who|whom|whose|what|which|when|where|why|how|many|much|old|the|and"
    rf"|any|anyone|anybody|been|being|{VERB}"
)
_MOST_TURNS = 20


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question with what it takes from the earlier turns put into it.

    "What about Ciudad Juárez?" takes the last question with the name exchanged; "he" and "she" give
    way to the name that the last turn was about; a question with "it" or "they", and one too short
    to stand alone ("for how long?"), is led by the last question, so that search and reading see
    both.

    Args:
        question: What was asked now.
        history: The earlier turns as (question, answer text), oldest first.
    """
    anchor = person = latest = ""
    kept = ("", "")
    genders: dict[str, str] = {}
    for asked, answer in history[-_MOST_TURNS:]:
        if _COURTESY.fullmatch(asked):
            continue
        meant = _meant(asked, person, kept, genders)
        whole = _resolve(asked, anchor, meant, latest) if anchor else asked
        # One that is led by another has nothing to lead the next with but that other.
        if not anchor or not whole.startswith(_leading(anchor)):
            anchor = whole
        if meant and _with_person(asked, meant) != asked:
            genders[meant] = _gender(asked)
        latest = _person(_with_person(asked, meant), whole, answer)
        if latest and latest != person:
            # After "who replaces her?" she is still the one, and he who replaces her.
            led_by_pronoun = _with_person(asked, meant) != asked
            kept = (_gender(asked), meant) if led_by_pronoun else ("", "")
        person = latest or person
    meant = _meant(question, person, kept, genders)
    return _resolve(question, anchor, meant, latest) if anchor else question


def _gender(question: str) -> str:
    """Which of "he" and "she" a question speaks of; "" of neither."""
    pronoun = _OWNER.search(question) or _PERSON.search(question)
    if not pronoun:
        return ""
    return "she" if pronoun.group().casefold() in ("she", "her") else "he"


def _meant(question: str, person: str, kept: tuple[str, str], genders: Mapping[str, str]) -> str:
    """Whom "he" or "she" means: the person the turns were about last, but for one kept so.

    Who was "she" is never "he": then it is who was so last, or nobody that can be told.
    """
    gender, before = kept
    asked = _gender(question)
    if gender and gender == asked:
        return before
    if asked and genders.get(person, asked) != asked:
        return next((name for name, own in reversed(list(genders.items())) if own == asked), "")
    return person


def _resolve(question: str, anchor: str, person: str, latest: str) -> str:
    """The question, its own name put into the one it leans on, or that one before it.

    `person` is whom "he" or "she" means, `latest` whom the last turn was about, if anybody.
    """
    new = _fragment(question) or _asked_again(question, anchor)
    swapped = _at_another_time(anchor, question) or _swapped(anchor, new)
    if swapped:
        return swapped
    named = _with_person(question, person)
    # "Why did she do it?" leans still when "she" is known.
    still = named != question and _LEANS.search(_PERSON.sub("", _OWNER.sub("", question)))
    if not (still or _leans(named) or new):
        return named
    short = not new and not _LEANS.search(question) and latest not in anchor
    return f"{_leading(anchor)}{f'{latest}. ' if latest and short else ''}{named}"


def _leading(anchor: str) -> str:
    return f"{anchor.rstrip('? ')}? "


def _fragment(question: str) -> str:
    """What "what about X?", "and X?" or "in X?" asks about, else ""; "and who?" is a question."""
    match = _FRAGMENT.match(question)
    new = (match.group(1) or match.group(2)) if match else ""
    if not match:
        bare = _OPENING.sub(lambda word: word.group().casefold(), question.strip(" ?"))
        placed = _PLACED.fullmatch(bare)
        new = bare if placed and " " in bare else ""  # one word alone may be "Really?"
    return "" if _CLAUSE.search(new) else new


def _asked_again(question: str, anchor: str) -> str:
    """What "and how many in X?" asks about after "how many ...", else ""."""
    match = _AGAIN.match(question)
    same = match and anchor.casefold().startswith(match.group(1).casefold())
    return match.group(2) if match and same and not _CLAUSE.search(match.group(2)) else ""


def _swapped(anchor: str, new: str) -> str:
    """The earlier question with a name exchanged for the new one; "" where that cannot be.

    Of several names the last one that stands behind the same word ("to Tijuana", "to Juárez"), or
    at least looks alike ("Mexico" is no "NATO").
    """
    match = _PLACED.fullmatch(new)
    if match is None or _TIME.fullmatch(match.group(3)):
        return ""
    before, article, name = match.groups()
    names = _names(anchor)
    if not names:
        return ""
    ends = (f" {before} ", f" {before} the ")
    behind = [m for m in names if before and anchor[: m.start()].endswith(ends)]
    alike = [m for m in names if m.group().isupper() == name.isupper()]
    placed = [m for m in names if re.search(rf"\b{_BEFORE} (?:the )?$", anchor[: m.start()])]
    if before and not placed:  # "and in Britain?" of what nowhere was asked for
        return f"{anchor.rstrip('? ')} {new}?"
    old = (behind or alike or names)[-1]
    own = _OWN.search(old.group())
    if _OWN.search(name):  # "and Russia's?"
        owners = [m for m in names if _OWN.search(m.group())]
        old, own = (owners or [old])[-1], None
    # "Storm Freya" is none "in the Marlow Bridge derailment", nor "the Britain" what costs.
    led_by_the = anchor[: old.start()].endswith(" the ") and not article
    if led_by_the and (old not in placed or _NOUN_BEHIND.match(anchor, old.end())):
        return ""
    # "In Spain" gives way to "in the U.S.", and the other way round.
    head = anchor[: old.start()]
    if led := re.search(rf"\b{_BEFORE} (?=(?:the )?$)", head):
        head = head[: led.end()] + (article or "")
    return head + name + (own.group() if own else "") + anchor[old.end() :]


def _at_another_time(anchor: str, question: str) -> str:
    """The earlier question at the time that "and in June?" names; "" where that cannot be."""
    new = _LED_BY.sub("", question.strip(" ?"))
    new = re.sub(r"^(?:In|On|For|During|Since|By|Last|This|Next)\b", lambda m: m[0].lower(), new)
    match = _WHEN.fullmatch(new)
    if not match:
        return ""
    found = list(_WHEN.finditer(anchor))
    if len(found) > 1:
        return ""
    times = [old for old in found if _is_a_time_of_its_own(anchor, old)]
    relative = _RELATIVE.match(match["time"])
    if not times:
        return f"{anchor.rstrip('? ')} {new}?" if match["before"] or relative else ""
    (old,) = times
    before = old["before"] if match["before"] is None or old["before"] is None else match["before"]
    before = None if relative else before
    led = f"{before} " if before else ""
    year = _OF_YEAR.search(old["time"])
    of_it = year.group() if year and match["time"].split()[0].casefold() in MONTHS else ""
    kept = "" if _OF_YEAR.search(match["time"]) else of_it
    return anchor[: old.start()] + led + match["time"] + kept + anchor[old.end() :]


def _is_a_time_of_its_own(anchor: str, found: re.Match[str]) -> bool:
    """Not the May of "Theresa May", the Friday of "Black Friday" nor "the 2000 people"."""
    if found["before"] or _RELATIVE.match(found["time"]):
        return True
    word = anchor[: found.start()].rstrip().rpartition(" ")[2]
    return found.end() == len(anchor.rstrip("? ")) and not word[:1].isupper()


def _with_person(question: str, person: str) -> str:
    """The question with the person's name for "he" or "she", where it names nobody itself."""
    pronoun = _OWNER.search(question) or _PERSON.search(question)
    if _OWNER.search(question) and _OWNS_ITSELF.match(question):
        return question
    named = _OWN_NAME.search(question)
    if _HE.search(question) and _SHE.search(question):  # which of the two it is cannot be told
        return question
    if not person or not pronoun or (named and named.start() < pronoun.start()):
        return question
    owned = _OWNER.sub(f"{person}’s", question)
    return _PERSON.sub(person, owned, count=1) if owned == question else owned


def _person(own: str, whole: str, answer: str) -> str:
    """Whom a turn was about, as far as can be told: whom it answers with, or the one it names."""
    said, kind = _value(answer).partition(",")[0], kind_of(whole)
    if kind is Kind.WHO:
        asked = _WHO_IS.fullmatch(own)
        # "Who is Kash Patel?" may be told what he is: "FBI Director".
        named = _NAME.fullmatch(said) and not (asked and _OFFICE.search(said))
        return said if named else asked.group(1) if asked else ""
    people = [m for m in _names(own) if not _PLACE.search(own[: m.start()])]
    if len(people) != 1 or kind is Kind.DEFINITION:
        return ""
    name, opening = people[0].group(), own[: people[0].start()].strip()
    # Not "Trudeau's minister", nor the UN, nor the Carter of "Jimmy Carter died where?".
    whole_name = not _THING.match(name) and (" " in opening or bool(_CLAUSE.fullmatch(opening)))
    return name if whole_name and not name.isupper() and not _OWN.search(name) else ""


def _names(question: str) -> list[re.Match[str]]:
    """The names in a question, but for times."""
    return [m for m in _INNER_NAME.finditer(question) if not _TIME.fullmatch(m.group())]


def _value(answer: str) -> str:
    """The value that an answer's text leads with (`qa.compose`)."""
    return answer.removeprefix(MAY_SAY).partition(" [")[0].strip(" .")


def _leans(question: str) -> bool:
    if _COURTESY.fullmatch(question):
        return False
    if _ENDS_LEANING.search(question):
        return True
    leaning = None if _OWNS_ITSELF.match(question) else _LEANS.search(question)
    named = _OWN_NAME.search(question)
    if named and (not leaning or named.start() < leaning.start()):
        return bool(_LEAD_WORD.match(question))  # "did Mexico close its border": its own Mexico
    words = re.findall(r"\w{3,}", question)
    asked = sum(not _ASKING.fullmatch(word) for word in words)
    # "What is bitcoin worth?" stands alone, "who won?" and "what was the motive?" do not.
    few = asked <= 1 or (len(words) <= _FEW_WORDS and not _STATE.match(question))
    few = few or bool(_LEAD_WORD.match(question))
    # "What is a tariff?" is short, and whole.
    return (few and kind_of(question) is not Kind.DEFINITION) or leaning is not None

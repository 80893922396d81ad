"""Questions that lean on the ones before them, made to stand on their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpus.article import bare_outlet
from qa.account import called, without_account
from qa.aside import is_aside
from qa.asked_names import BEFORE, OWN_NAME
from qa.dates import WEEKDAYS
from qa.exchange import CLAUSE, PLACED, asked_again, at_another_time, fragment, swapped
from qa.pronouns import OWNER, OWNS_ITSELF, PERSON, gender_of, person_of, whom, with_person
from qa.question import VERB, Kind, kind_of

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
LEAD_WORD = re.compile(r"(?i)\s*(?:and|but|so|or)\b")
# "What did Quist say about it?"
_ENDS_LEANING = re.compile(
    r"(?i)\b(?:about|on|to|of|for|with|against) (?:it|this|that|them)\s*\??$"
)
# With a comma, or before a question: not of "no troops went?" nor "Great Britain?".
_SPOKEN = re.compile(
    r"(?i)^\s*(?:(?:ok(?:ay)?|thanks?(?: you)?|thx|great|no|sorry|actually|well|wait|hmm*|same for)"
    r"\b(?:[,.!—]+\s*|(?<=same for)\s+"
    r"|\s+(?=(?:and|but|so|what|who|when|where|how|why|i mean|i meant)\b)))+"
    r"(?:i (?:meant|mean)\s+)?|^\s*i (?:meant|mean)\s+"
)
_LED_BY_WORD = re.compile(rf"(?i){BEFORE}\b")
_FEW_WORDS = 3
_STATE = re.compile(
    r"(?i)\s*(?:who|what|where|when|why|how(?: much| many)?)\s+(?:is|are|do|does)\b"
)
_ASKING = re.compile(
    r"(?i)who|whom|whose|what|which|when|where|why|how|many|much|old|the|and"
    rf"|any|anyone|anybody|been|being|{VERB}"
)
_WHOLE = re.compile(
    rf"(?i)\s*(?:who|what|which|whose|how (?:many|much|old|long))\b.*\b{VERB}"
    rf"|\s*who (?!{BEFORE}\b)\w+"
)
_MORE_OF_IT = re.compile(rf"(?i)\s*how (?:many|much) more (?={VERB})")
_MOST_TURNS = 200


def standalone(
    question: str, history: Sequence[tuple[str, str]], outlets: Iterable[str] = ()
) -> str:
    """The question with what it takes from the earlier turns put into it.

    "What about Ciudad Juárez?" takes the last question with the name exchanged; "he" and "she" give
    way to the name that the last turn was about; a question with "it" or "they", and one too short
    to stand alone ("for how long?"), is led by the last question, so that search and reading see
    both.

    Args:
        question: What was asked now.
        history: The earlier turns as (question, answer text), oldest first.
        outlets: Names of outlets: "and the Herald?" asks for its account.
    """
    topic, person, latest = _Topic(), "", ""
    kept = ("", "")
    genders: dict[str, str] = {}
    for asked, answer in history[-_MOST_TURNS:]:
        if is_aside(asked):
            continue
        meant = whom(asked, person, kept, genders)
        topic, before = _resolve(asked, topic, meant, latest, outlets), topic
        if meant and with_person(asked, meant) != asked:
            genders[meant] = gender_of(asked)
        # "And Sofia Lindqvist?" names her as "who is Sofia Lindqvist?" does.
        put = topic.whole if topic.is_rewritten_of(before, asked) else with_person(asked, meant)
        latest = person_of(put, topic.whole, answer)
        if latest and latest != person:
            # After "who replaces her?" she is still the one, and he who replaces her.
            led_by_pronoun = with_person(asked, meant) != asked
            kept = (gender_of(asked), meant) if led_by_pronoun else ("", "")
        if not latest and topic.whole == asked and not gender_of(asked):
            person, kept = "", ("", "")  # another topic, of nobody that can be told
        person = latest or person
    meant = whom(question, person, kept, genders)
    return _resolve(question, topic, meant, latest, outlets).whole


def leading_part(whole: str) -> str:
    """The earlier question that leads a follow-up as `standalone` has it; "" where none does."""
    return whole[: whole.rstrip("? ").rfind("? ") + 1]


class _Topic(NamedTuple):
    """What the turns are about."""

    anchor: str = ""
    """The last question that stands on its own."""
    own: str = ""
    """What was asked last, where the anchor leads it."""

    @property
    def whole(self) -> str:
        return f"{_leading(self.anchor)}{self.own}" if self.own else self.anchor

    def is_rewritten_of(self, before: _Topic, asked: str) -> bool:
        """Whether a turn was put into the question before it, not led by it."""
        return bool(before.anchor) and not self.own and self.anchor != asked


def _resolve(
    question: str, topic: _Topic, person: str, latest: str, outlets: Iterable[str]
) -> _Topic:
    """What a question asks, its own name put into the one it leans on, or led by that one.

    `person` is whom "he" or "she" means, `latest` whom the last turn was about, if anybody.
    """
    if not topic.anchor:
        return _Topic(question)
    anchor = topic.anchor
    question = _spoken_out(question)
    new = fragment(question) or asked_again(question, anchor)
    if paper := next((one for one in outlets if _is_outlet(new, one)), ""):
        asked = without_account(anchor, [*outlets]).rstrip("? ")
        return _Topic(f"{asked}, according to {called(paper)}?")
    if swapped := _put_in(topic, question, new):
        return swapped
    named = with_person(question, person)
    # "Why did she do it?" leans still when "she" is known.
    still = named != question and _LEANS.search(PERSON.sub("", OWNER.sub("", question)))
    if not (still or _leans(named) or new):
        led = LEAD_WORD.match(named)
        return _Topic(named[led.end() :].lstrip(" ,") if led else named)
    short = not new and not _LEANS.search(question) and latest not in anchor
    return _Topic(anchor, f"{latest}. {named}" if latest and short else named)


def _put_in(topic: _Topic, question: str, new: str) -> _Topic | None:
    """The earlier question with a time or a name exchanged; None where that cannot be."""
    anchor, own = topic
    if not CLAUSE.search(own):  # nothing, or "and June?", which asks nothing itself
        changed = at_another_time(anchor, question) or swapped(anchor, new)
        return _Topic(changed) if changed else None
    # "How many did the heat wave kill in Spain? How hot was it? In Seville?"
    if changed := at_another_time(own, question) or swapped(own, new):
        return _Topic(anchor, changed)
    if PLACED.fullmatch(new) and _LED_BY_WORD.match(new):
        return _Topic(anchor, f"{own.rstrip('? ')} {new}?")
    changed = swapped(anchor, new)
    return _Topic(changed, own) if changed else None


def _is_outlet(new: str, outlet: str) -> bool:
    return bool(new) and bare_outlet(new) == called(outlet).casefold()


def _spoken_out(question: str) -> str:
    """A question without what people say before it: "ok, and Portugal?", "no, I meant Portugal"."""
    bare = _SPOKEN.sub("", question, count=1)
    if bare == question or not bare.strip(" ?.!"):
        return question
    new = bare.strip(" ?.!")
    return f"what about {new}?" if PLACED.fullmatch(new) else bare


def _leading(anchor: str) -> str:
    return f"{anchor.rstrip('?.! ')}? "


def _leans(question: str) -> bool:
    if is_aside(question):
        return False
    if _ENDS_LEANING.search(question):
        return True
    if _MORE_OF_IT.match(question):
        return True
    leaning = None if OWNS_ITSELF.match(question) else _LEANS.search(question)
    named = OWN_NAME.search(question)
    if named and (not leaning or named.start() < leaning.start()):
        # "Did Mexico close its border": its own Mexico; "and who won it in Berlin?" too.
        asks = LEAD_WORD.match(question)
        return bool(asks) and not _WHOLE.match(question, asks.end() if asks else 0)
    words = re.findall(r"\w{3,}", question)
    asked = sum(not _ASKING.fullmatch(word) for word in words)
    # "What is bitcoin worth?" stands alone, "who won?" and "what was the motive?" do not.
    few = asked <= 1 or (len(words) <= _FEW_WORDS and not _STATE.match(question))
    few = few or bool(LEAD_WORD.match(question))
    # "What is a tariff?" is short, and whole.
    return (few and kind_of(question) is not Kind.DEFINITION) or leaning is not None

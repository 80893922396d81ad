"""Asides: what people type in a chat that asks nothing of the articles."""

from __future__ import annotations

import re

_WORD = (
    r"(?:ok(?:ay)?|great|cool|nice|good|perfect|wow|yes|no|yep|nope|sure|right|got it|i see|fine"
    r"|thanks?(?: you)?(?: very much| so much| a lot)?|thx|cheers|hello|hi"
    r"|hey(?: there)?|hi there|bye"
    r"|good (?:morning|evening|afternoon)|help|test|who are you|what can (?:you do|i ask(?: you)?))"
)
_COURTESY = re.compile(rf"(?i)\s*{_WORD}(?:[\s,.!]+{_WORD})*\W*")
_IT = r"(?:that|this|so)"
_ARTICLE = r"(?:(?:that|this) (?:article|story|piece|report)|the article)"
_OF_THE_ANSWER = re.compile(
    rf"(?i)\s*(?:and |ok,? |but )?"
    r"(?:(?:which|what) (?:news)?(?:paper|outlet|article|source)s?(?: is| was)?"
    rf" (?:said|says|say|wrote|reported|reports|{_IT}|{_IT} from)(?: {_IT})?"
    rf"|where (?:is|was|did) (?:{_IT}|you)(?: get)?(?: {_IT})? from|says who|who wrote {_IT}"
    rf"|who wrote {_ARTICLE}|when was (?:{_IT}|{_ARTICLE}) (?:published|written)"
    rf"|(?:what|where)(?: is| are|['’]s|s)? your sources?|sources?|link|are you (?:really )?sure"
    rf"|how (?:sure|certain) are you|how do you know(?: {_IT})?|is that (?:right|true|correct))\W*"
)

GREETED = "Ask something that the articles may say."
"""What is answered to "hello" and "thanks"."""
SEE_ABOVE = (
    "That is told with the answer above: each quote has its outlet, author and date beside it, and "
    "the answer how sure it is."
)
"""What is answered to "which paper said that?"."""


def is_aside(question: str) -> bool:
    """Whether something that is typed asks nothing of the articles."""
    return bool(_COURTESY.fullmatch(question) or _OF_THE_ANSWER.fullmatch(question))


def reply(question: str, *, answered: bool) -> str:
    """What to say to an aside; "" where it is none.

    Args:
        question: As it was put.
        answered: Whether there is an earlier turn for it to be about.
    """
    if _COURTESY.fullmatch(question):
        return GREETED
    return SEE_ABOVE if answered and _OF_THE_ANSWER.fullmatch(question) else ""

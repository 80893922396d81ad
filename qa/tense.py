"""What a sentence tells as past, as still to come, or as not so."""

from __future__ import annotations

import re

from qa.dates import WEEKDAYS

_TO_COME = re.compile(
    r"(?i)\b(?:will|would|next|upcoming|must|expected|scheduled|slated|due|going to|opens|begins"
    r"|starts|(?:is|are|was|were|set|plans?) to"
    r"|(?:set|fixed)\s+(?:(?!up|stage|records?)[\w-]+\s+){0,4}for"
    # "Was postponed to Friday": no past day, though the verb is.
    r"|(?:(?:postponed|delayed|moved|adjourned|pushed|put|rescheduled)(?:\s+(?:off|back))?\s+(?:to|until)"
    r"|by|until|before|this|for|(?:votes?|meets?|(?:is|are|be)\s+\w+ing)\s+on"
    r"|(?:is|are)(?:\s+on)?"
    # "The strike could begin Friday", "the tariffs take effect on Tuesday".
    r"|(?:(?:could|might|(?-i:may))\s+(?!not\b|have\b)\w+|(?<!the\s)(?<!his\s)(?<!her\s)(?<!its\s)"
    r"(?:resumes?|returns?|takes?\s+(?:effect|place|over)|kicks?\s+off|faces?|hosts?|heads?\s+to"
    r"|plays?|go(?:es)?\s+to\s+the\s+polls"
    r"|comes?\s+(?:out|into\s+force)|go(?:es)?\s+on\s+sale|airs|premieres|expires?|ends"
    r"|reopens?|closes|launches))(?:\s+[\w-]+){0,5}(?:\s+on)?)"
    rf"\s+(?:{'|'.join(WEEKDAYS)})(?!['’]s))\b"
    r"|['’]ll\b"
)
# What somebody said or meant to do tells nothing of when the thing itself was.
_REPORTED = (
    "said|says|told|warned|announced|added|confirmed|reported|predicted|estimated|promised|expected"
    "|scheduled|planned|slated|agreed|proposed|vowed|hoped|revealed|insisted|urged|called|priced"
)
_PAST_VERB = re.compile(
    rf"(?i)\b(?!(?:{_REPORTED}|united|red|need|speed|indeed|fed|bed|seed|feed|hundred|sacred)\b)"
    r"(?:\w{2,}ed|was|were|had|did|been|began|begun|blew|bought|broke|brought|built|came|caught|chose"
    r"|became|beat|bit|bore|burst|cast|felt|heard|laid|overtook|sang|sought|swore|underwent|upheld"
    r"|cut|done|drew|drove|fell|fled|flew|fought|found|gave|gone|got|grew|held|hit|hurt|kept|knew"
    r"|known|lay|led|left|lost|made|met|paid|put|quit|ran|rose|sank|sat|saw|seen|sent|set|shook|shot"
    r"|shut|sold|spent|spoke|spread|stole|stood|struck|sued|swept|taken|taught|threw|took|tore|went"
    r"|withdrew|woke|won|wore|wrote|risen|fallen|driven|given|written|broken|chosen|stolen|spoken"
    r"|grown|shown|flown|drawn|thrown)\b"
)
_SAID_ON = re.compile(
    rf"(?i)\b(?:{_REPORTED})(?:\s+(?:reporters|lawmakers|in\s+an?\s+\w+|at\s+a\s+\w+\s+\w+"
    r"|on\s+Twitter|(?-i:the|[A-ZÀ-Þ]\w+))){0,4}(?:\s+(?:late|early))?(?:\s+on)?\s+$"
)
# "The board on Monday announced", "On Friday, he called".
_THEN_SAID = re.compile(rf"(?i),?\s+(?:(?:he|she|it|they)\s+)?(?:{_REPORTED})\b")
_SINCE = re.compile(r"(?i)\b(?:after|because|since)\b")
# "Was shot at a rally on", "collapsed on"; not "announced that it opens on".
_HAPPENED = re.compile(
    r"(?i)\b(?!announced|agreed|expected|scheduled|confirmed|revealed|postponed|delayed|rescheduled"
    r"|moved|planned)(?:was|were|\w+ed|fell|began|won|shot|hit|struck|took|came|went|broke|left|met)"
    r"(?:\s+(?!that\b)[\w'’-]+){0,4}\s+on\s+$"
)
NEGATED = re.compile(
    r"(?i)\b(?:not|never|denie[sd]|denying|refus(?:e|es|ed|ing) to|rul(?:e|es|ed|ing) out"
    r"|no (?:plans?|intentions?|evidence|longer|signs?|need|reason))\b|n['’]t\b"
)
"""What denies the words behind it."""
_CLAIM = (
    "claims?|reports?|rumou?rs?|suggestions?|allegations?|accusations?|assertions?|figures?|numbers?"
    "|tolls?|counts?|estimates?"
)
_TURNS_DOWN = re.compile(
    rf"(?i)\b(?:den(?:y|ies|ied|ying) (?:[\w'’-]+ ){{0,4}}?(?:that|{_CLAIM}|\w+ing)"
    rf"|(?:reject|dismiss|refut|disput)\w* (?:[\w'’-]+ ){{0,4}}?(?:that|{_CLAIM}))\b"
    r"|\b(?:untrue|not true|false|no truth|wrong|a lie|no evidence|nonsense)\b"
    r" (?:[\w'’-]+ ){0,3}?(?:that|in|to say)\b"
)
# "Reports that 400 people died were false."
_CLAIMED = re.compile(rf"(?i)\b(?:{_CLAIM}) (?:that|of)\b[^.;]*$")
_IS_FALSE = re.compile(
    r"(?i)(?: (?!(?:but|and|as|when|while|after)\b)[\w’'-]+){0,8}?"
    r"(?: (?:is|are|was|were|as|be))? (?:\w+ly )?(?:false|untrue|not true|wrong|invented"
    r"|baseless|unfounded|a lie|lies|nonsense|incorrect|fabricated)\b"
)
_ANOTHER_CLAUSE = re.compile(
    r"(?i)[;:]|, (?:which|who)\b|\b(?:after|when|while|although|but|since|as)\b"
    r"|\band (?:said|says|told|added|announced|approved|confirmed|put)\b"
)


def is_to_come(sentence: str) -> bool:
    """Whether a sentence says that it is about something still to come."""
    return bool(_TO_COME.search(sentence))


def is_past(sentence: str, day: str) -> bool:
    """Whether a sentence with a day can tell what was then: "talks resume on Friday" cannot."""
    before, found, behind = sentence.partition(day)
    # "They play on Sunday after they drew": when they drew tells nothing of it.
    behind = _SINCE.split(behind, maxsplit=1)[0]
    its_event = found and re.match(r"['’]s\b", behind)  # "from Monday's sinking"
    said = _SAID_ON.search(before) or _THEN_SAID.match(behind)
    told = re.sub(r"(?i)\b\w+ed by\b", "", before + found + behind)  # "a vote delayed by floods"
    return bool(its_event or said or _PAST_VERB.search(told))


def was_said_on(before: str) -> bool:
    """Whether the words before a day tell that somebody said or announced something on it."""
    return bool(_SAID_ON.search(before))


def has_happened(before: str) -> bool:
    """Whether the words before a day tell what happened on it."""
    return bool(_HAPPENED.search(before))


def turns_down(before: str, behind: str = "") -> bool:
    """Whether the words around something in its sentence say that it is not so."""
    if _CLAIMED.search(before) and _IS_FALSE.match(behind):
        return True
    # "The city denied reports of neglect after 400 people died."
    return any(
        not _ANOTHER_CLAUSE.search(before, found.end()) for found in _TURNS_DOWN.finditer(before)
    )

"""What a question asks for."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What a question asks for."""

    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    PERCENT = "percent"
    HOW_LONG = "how_long"
    WHEN = "when"
    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    LIST = "list"
    DEFINITION = "definition"
    SAID = "said"
    YES_NO = "yes_no"
    WHY = "why"
    HOW = "how"


SENTENCES = frozenset({Kind.YES_NO, Kind.WHY, Kind.HOW, Kind.DEFINITION, Kind.SAID})
"""Kinds whose answer is a sentence rather than a value in it."""
NUMBERS = frozenset({Kind.HOW_MANY, Kind.HOW_MUCH, Kind.PERCENT})
"""Kinds whose answer is a number."""
FIGURES = NUMBERS | {Kind.HOW_LONG, Kind.WHEN}
"""Kinds whose answer is a number or a time."""

_SAY = "say|said|tell|think|claim|argue|promise|warn|announce"
VERB = (
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|might|must)"
    r"(?:n['’]t)?|can['’]t|won['’]t|may(?! \d))\b"
)
# "states", "companies"; not "class", "news", "was", nor "owns" of "which company owns it".
_PLURAL = (
    r"(?:people|women|men|children)\b(?!['’-])"
    r"|(?!(?:does|was|is|has|news|owns|makes|holds|leads|wins|happens|causes|hosts|means|runs|plays"
    r"|says|controls|oversees|drives|governs|regulates|provides|produces|allows|protects|requires"
    r"|contains|represents|operates|manages|comes|goes|gets|takes|gives|sells|pays|needs|wants|uses"
    r"|shows|lives|becomes|besides|across|always|afterwards|sometimes|series|species|headquarters"
    r"|canvas|lens|atlas|bias|distinguishes|fuels|prevents|worries|limits|explains|matters|remains"
    r"|drives|motivates|makes|brings|keeps|sets|separates|threatens|attracts|inspires)\b)"
    r"[a-zà-þ]{2,}[^\W\dsui]s"
)

PEOPLE = (
    "person|man|woman|official|officer|leader|president|minister|commander|general|judge|senator"
    "|governor|mayor|actor|actress|player|singer|author|writer|scientist|politician|candidate"
    "|lawmaker|spokesman|spokeswoman|director|coach|analyst|doctor|king|queen|pope|lawyer"
    "|prosecutor|reporter|journalist|executive"
)
"""Words for people by what they are or do."""
# "Which executive order", "the king's palace".
_NO_PERSON = (
    r"['’-]| (?:orders?|elections?|languages?|hospitals?|reasons?|assembly|branch|offices?|agents?"
    r"|actions?)\b"
)
# "Which company supplies the chips": what stands before "the" is a verb.
_SEVERAL = (
    rf"(?:which|what)(?: (?!{VERB})[\w-]+)? (?:{_PLURAL})\b"
    r"(?! (?:the|an?|it|them|him|her|us|his|its|their)\b)"
)

_LED = r"(?:(?:in|from|between|to|with|for|on|and) )?"

# A word of the thing itself: of "the reason for the deadline" the deadline is not asked for.
_OWN = r"(?:(?!(?:of|for|to|on|in|at|by|with|from|and|behind|the|that)\b)[\w'’-]+ )"
# Of these the value is asked for, not what they are: "the ticket price", "the deadline".
_VALUES = (
    "name|rate|score|count|status|result|outcome|verdict|sentence|demands?|terms?|prices?|costs?"
    "|wages?|salary|fees?|fares?|limit|deadline|age|date|toll|temperature"
)
_SEVERAL_OF = (
    "names|symptoms|signs|causes|benefits|effects|risks|members|types|kinds|features|ingredients"
    "|parts|requirements|rules|demands|conditions|countries|states|cities|teams|companies"
    "|candidates|nominees|finalists|winners|victims"
)
# "What is the debt?" asks how much it is, "what is a debt?" what that means.
_VALUES_OF_ITS_OWN = (
    "debt|magnitude|speed|tariffs?|motive|cause|charges?|jackpot|rent|margin|polls?|weather"
    "|forecast|theme|capital|reaction|response|latest|situation|prize|money|size|fine|bail|budget"
    "|gap|unemployment|inflation|turnout|attendance|record|length|height|weight|distance|reward|ransom"
)
# "What is the ship called?", "what is China demanding?"
_ASKED_BEHIND = (
    "worth|called|named|about|with|like|made of|doing|demanding|saying|proposing|considering"
    "|threatening|facing|accused of|known for"
)

_KINDS = (
    (
        Kind.HOW_MANY,
        r"how many|what number|number of"
        rf"|what (?:is|was) the {_OWN}{{0,3}}(?:toll|number(?! one\b)|population|headcount"
        r"|total(?! (?:amount|cost|price|value|budget)\b))\b",
    ),
    (Kind.PERCENT, r"what (?:percent|percentage|share|proportion)|how (?:high|big|large) .*tariff"),
    (Kind.HOW_LONG, r"how long|how much (?:longer|time)\b"),
    (
        Kind.HOW_MUCH,
        r"how much|how expensive"
        rf"|what (?:is|was|are) the {_OWN}{{0,2}}(?:amount|cost|price|value|budget)\b"
        r"(?! (?:proposals?|director|cuts?|office|controls?|caps?|committee|deal|talks|plans?)\b)",
    ),
    (
        Kind.WHEN,
        r"when\b|(?:(?:in |on )?(?:what|which)) (?:date|day|month|year|time|weekday)s?\b"
        rf"|what (?:is|was) the {_OWN}{{0,3}}(?:date|deadline)\b",
    ),
    # "Who are the victims?", "what are the symptoms of flu?"
    (
        Kind.LIST,
        rf"who (?:are|were) the (?:[\w-]+ ){{0,2}}?(?:{_PLURAL}|dead|injured|wounded)"
        r"(?: (?:of|in|at|from|on|for|who|that|killed|behind)\b| ?\??$)|who else\b"
        rf"|what (?:are|were) the (?:[\w-]+ )?(?:{_SEVERAL_OF}) (?:of|for|in)\b",
    ),
    (
        Kind.WHO,
        r"who\b|whose\b|whom\b"
        rf"|(?:what|which) (?:(?!{VERB})[\w'’-]+ )?(?:{PEOPLE})\b(?!{_NO_PERSON})",
    ),
    (Kind.WHERE, r"where\b|(?:in |to |from )?(?:what|which) (?:city|country|place|town)\b"),
    (Kind.WHY, r"why\b|what (?:is|was) the reason|for what reason|what caused|how come"),
    (
        Kind.HOW,
        r"how (?:do|does|did|is|was|were|are|will|can|could|has|have|had|would|should"
        r"|might|must)\b",
    ),
    (Kind.SAID, rf"what (?:did|does|do|has|have|had|was|were)\b.*\b(?:{_SAY})\b"),
    (
        Kind.DEFINITION,
        rf"what (?:is|are) (?!(?:the|its|his|her|their)\b.*\b(?:{_VALUES_OF_ITS_OWN}) ?\??$)"
        rf"(?!.*\b(?:{_ASKED_BEHIND}) ?\??$)"
        r"(?!.*['’]s (?!disease|syndrome|law|theorem|paradox|disorder|day\b)\w)"
        rf"(?:an? |the )?(?!.*\b(?:(?:of|in|for|on|number)\b|(?:{_VALUES}) ?\??$))"
        r"[\w'’-]+(?: [\w'’-]+){0,2} ?\??$"
        r"|what does .+ (?:mean|stand for)\b|what .*\bmeant by\b",
    ),
    (Kind.LIST, rf"{_LED}{_SEVERAL}|(?:name|list) (?:the|all|two|three|four|five)\b"),
    (Kind.YES_NO, VERB),
)
_SHORT_IS = re.compile(r"\b(who|what|where|when|why|how)['’]?s\b")  # "what's", "whats"
_CLAUSES = frozenset({"when", "where", "who", "whose", "whom"})
_LEAD_IN = re.compile(
    r"^(?:(?:and|so|but|ok|please|well|then|tell me|do you know|i(?: would|['’]d) like to know"
    r"|(?:can|could|would|will) you (?:please )?(?:tell me|say|explain)"
    r"|(?:can|could|would|will) you(?: please)?(?= (?:list|name)\b))[,\s]+)+"
)
_ASKS = (
    r"(?:(?:in|on|by|to|from|for|at|until|till|since|with|under|of|after|before|through|against"
    r"|about) )?(?:who|whom|whose|when|where|which|why|(?:what|how)"
    r"(?! about))\b"
)
_LAST_QUESTION = re.compile(rf"\? +(?=(?:and |but |so )?(?:{_ASKS}|{VERB}))|[.!] +(?={_ASKS})")
_INSIDE = (Kind.HOW_MANY, Kind.PERCENT, Kind.HOW_MUCH, Kind.HOW_LONG, Kind.WHEN, Kind.WHO,
           Kind.WHERE)  # fmt: skip


# "How fast was it going when ...", "in which town ..."
_LED_BY = re.compile(r"(?:(?:in|on|at|by|with|for|to|from) )?(?:what|which|how)\b")


@lru_cache(maxsize=256)  # asked of every span of a question
def kind_of(question: str) -> Kind:
    """What a question asks for; `Kind.WHAT` where nothing more can be told.

    Of several questions in a row the last one counts: the others are what it leans on.
    """
    text = _SHORT_IS.sub(r"\1 is", question.strip().casefold())
    text = _LEAD_IN.sub("", _LAST_QUESTION.split(text)[-1])
    for kind, pattern in _KINDS:
        if re.match(pattern, text):
            return kind
    patterns = dict(_KINDS)
    inside = ((kind, re.search(rf"\b(?:{patterns[kind]})", text)) for kind in _INSIDE)
    found, match = next((pair for pair in inside if pair[1]), (Kind.WHAT, None))
    if match is None or found not in {Kind.WHEN, Kind.WHERE, Kind.WHO}:
        return found
    # "What happened when it fell?" asks for no time, nor does "fans cheered when it won what?";
    # "what is the name of the man who" asks for a man.
    if re.match(r"what (?:is|was) the name of\b.* who\b", text):
        return Kind.WHO
    # "After the fire, who was hurt in the house in which ..." asks for whom all the same.
    word = match.group()
    clause = word in _CLAUSES and not re.search(rf", {word} {VERB}", text)
    asked = text[match.end() :] if clause else ""
    asks_first = _LED_BY.match(text)
    led = asks_first is not None and asks_first.end() <= match.start()
    led = led or bool(re.search(r"\b(?:what|which)\b", asked))
    return Kind.WHAT if led else found


_SEVERAL_ASKED = re.compile(rf"(?i)\s*{_LED}{_SEVERAL}")


def asks_several(question: str) -> bool:
    """Whether more than one thing is asked for, whatever their kind: "in which months"."""
    return kind_of(question) is Kind.LIST or bool(_SEVERAL_ASKED.match(question))

"""Names as news write them: "Gov. Abbott", "Sheinbaum" of "Claudia Sheinbaum"."""

from __future__ import annotations

import re

_OFFICES = (
    r"(mayor|senator|governor|chancellor|captain(?!\s+america)|pope|sheriff|ambassador|representative|rep"
    r"|congress(?:man|woman)|judge|professor|prof|detective|sergeant|sgt|lieutenant|commissioner"
    r"|archbishop|rabbi|imam)\b\.?\s+(?-i:(?=[A-ZÀ-Þ]))"
)
_OFFICE = re.compile(rf"(?i)(?:the\s+)?{_OFFICES}")
_SHORT_OFFICE = re.compile(
    r"(?i)(?:the\s+)?(gov|sen|president|prime minister)\b\.?\s+(?-i:(?=[A-ZÀ-Þ]))"
)
_WHOLE_OFFICES = {"gov": "governor", "sen": "senator", "rep": "representative",
                  "congressman": "representative", "congresswoman": "representative",
                  "prof": "professor", "sgt": "sergeant"}  # fmt: skip
_TITLES = re.compile(
    r"(?i)^(?:(?:the|a|an|mr|mrs|ms|dr|president|prime minister|minister|secretary|gov|sen|gen|lt"
    r"|col|capt|sir|premier(?!\s+(?:league|inn|division)))\b\.?\s*"
    # Only before a name: "the mayor" alone is whom it names.
    rf"|{_OFFICES})"
)
_ARTICLES = re.compile(r"(?i)^(?:the|an?)\s+")
_SHORT = (
    (r"(?<=\b[a-z]\.)\s(?=[a-z]\.)", ""),  # J. K.
    (r"(?<=\b[a-z])\.(?=[a-z]\b)|(?<=\b[a-z]\.[a-z])\.", ""),  # U.S., U.N., D.C.
    (r"\bunited states(?: of america)?\b|\busa\b", "us"),
    (r"\bunited kingdom\b", "uk"),
    (r"\bunited nations\b", "un"),
    (r"\beuropean union\b", "eu"),
)
_SPELLED = re.compile(r"(?<=\w{4})[yi](?=y$)")  # Zelensky, Zelenskyy, Zelenskiy


def title_of(text: str) -> str:
    """The office that a name begins with, in lower case and whole, or ""."""
    match = _OFFICE.match(text) or _SHORT_OFFICE.match(text)
    found = match.group(1).casefold() if match else ""
    return _WHOLE_OFFICES.get(found, found)


def address_of(text: str) -> str:
    """How a name is addressed: "mr", or "ms" of Mrs, Miss and Ms; "" where it is not."""
    match = re.match(r"(?i)(mr|mrs|ms|miss)\b\.?\s", text)
    return "" if not match else "mr" if match.group(1).casefold() == "mr" else "ms"


def name_words(text: str) -> tuple[str, ...]:
    """A name's words in lower case, without accents, articles and titles; numbers are whole.

    A title that stands alone is kept.
    """
    import unicodedata

    bare = text
    while (less := _TITLES.sub("", bare)) != bare:
        bare = less
    bare = bare if re.search(r"\w", bare) else _ARTICLES.sub("", text)
    plain = unicodedata.normalize("NFKD", bare)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['’]s\b", "", plain).casefold()
    for pattern, short in _SHORT:
        plain = re.sub(pattern, short, plain)
    words = re.findall(r"\d+(?:[.,:]\d+)+|\w+", plain)
    return tuple(_SPELLED.sub("", re.sub(r"(?<=\d),(?=\d{3})", "", word)) for word in words)

"""Which language a text is in: by its script, else by its commonest words."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 4000  # characters: enough to tell, whatever the article's length
_FEWEST_WORDS = 20
_CLEAR = 0.08  # share of words that must be a language's commonest

_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),  # before Chinese, whose signs Japanese uses too
    ("ko", "\uac00-\ud7af"),
    ("zh", "\u4e00-\u9fff"),
    ("ar", "\u0600-\u06ff"),
    ("he", "\u0590-\u05ff"),
    ("el", "\u0370-\u03ff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
)
_NOT_LATIN = re.compile("[\u0370-\u1dff\u3040-\ud7ff]")
_UKRAINIAN = "іїєґ"
_SHARED_SCRIPTS = {"ar": {"fa", "ur"}, "zh": {"yue"}, "ru": {"bg", "sr", "be", "mk", "kk"},
                   "hi": {"mr", "ne"}}  # fmt: skip
_WORDS = {
    "en": "the of and to in is that for it with was on as are have",
    "de": "der die und das den von ist mit des nicht ein eine auf für auch",
    "fr": "le la les des et est que une dans pour qui sur pas au plus",
    "es": "el la los las que y en del se por con una para su es",
    "pt": "o os as que e do da em um uma para com não dos na",
    "it": "il la che di e un per una del non con sono della gli è",
    "nl": "de het een van en is dat op te in voor niet met zijn aan",
    "sv": "och att det som en på är av för med till den har inte ett",
    "da": "og at det er en til på som af for med den ikke der har",
    "pl": "w i na z się że do nie jest to o jak po co od",
    "id": "yang dan di dengan untuk dari ini itu pada dalam tidak akan adalah oleh ke",
    "tr": "ve bir bu için da de ile çok olarak daha olan ne kadar gibi en",
}
_LISTS = {code: frozenset(words.split()) for code, words in _WORDS.items()}


def language_of(text: str, declared: str = "") -> str:
    """The language as ISO 639-1 ("en"), or what the source declares where the text is unclear.

    Args:
        text: The article's text.
        declared: What the page or record says: "en", "pt-BR", "en_US". Pages are often wrong:
            their template speaks one language, their articles another.
    """
    said = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", declared.strip())
    code = said.group().lower() if said else ""
    found = _by_script(text[:_SAMPLE]) or _by_words(text[:_SAMPLE])
    if not found or code in _SHARED_SCRIPTS.get(found, ()):
        return code
    return found


def _by_script(text: str) -> str:
    if not _NOT_LATIN.search(text):
        return ""
    letters = sum(map(str.isalpha, text))
    if letters < _FEWEST_WORDS:
        return ""
    for code, span in _SCRIPTS:
        if len(re.findall(f"[{span}]", text)) > letters * (0.1 if code == "ja" else 0.3):
            return code
    cyrillic = len(re.findall("[\u0400-\u04ff]", text))
    if cyrillic > 0.3 * letters:
        own = sum(text.lower().count(c) for c in _UKRAINIAN)
        return "uk" if own > 0.02 * cyrillic else "ru"
    return ""


def _by_words(text: str) -> str:
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    total = words.total()
    if total < _FEWEST_WORDS:
        return ""
    shares = {code: sum(words[w] for w in own) / total for code, own in _LISTS.items()}
    first, second = sorted(shares, key=lambda code: -shares[code])[:2]
    return first if shares[first] >= _CLEAR and shares[first] > 1.2 * shares[second] else ""

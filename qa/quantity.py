"""Quantities in text: numbers, money and shares, and when two are the same.

"1,949", "1949 troops" and "at least 1,949" are one value; "$1.3m" and "1.3 million dollars" are.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import NamedTuple

from qa import units
from qa.units import CURRENCY, RATE, UNIT_AFTER

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
           "trillion": 10**12, "dozen": 12, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7,
           "crores": 10**7}  # fmt: skip
_ATTACHED = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9,
             "bln": 10**9, "tn": 10**12, "trn": 10**12}  # fmt: skip
_PARTS = {"¼": 0.25, "½": 0.5, "¾": 0.75}
_OF_A_SCALE = {"quarter": 0.25, "third": 1 / 3}
_NONE = r"none|nobody|no\sone"

WORD_NUMBER = "|".join(sorted(_SMALL, key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_NUMBER = rf"""
    (?<![\w.,]) (?:
        {CURRENCY}? (?: \d{{1,3}}(?:,\d{{3}})+(?:\.\d+)? | \d+(?:\.\d+)? )
            (?: \s?[¼½¾] | \s1/2 | \s[13]/4 )?
            (?: \s?(?:bn|mn|tn|mln|bln|trn) | [mkb] )?
        | (?:half\s)?an?\s(?={_SCALE}) | half\sa(?=\spercentage)
        | (?:an?|one|two|three)[\s-](?:quarter|third)s?\sof\san?(?:\s(?={_SCALE})|(?=\spercentage))
        | (?:{WORD_NUMBER})\b (?: [-\s](?:{WORD_NUMBER})\b )*
    )
    (?: [\s-]and[\s-]a[\s-]half\b )?
    (?: (?:(?<=\s)|[\s-]) (?:{_SCALE})\b
        (?: [\s-] (?:and\s)? (?:{WORD_NUMBER})\b (?: [-\s](?:{WORD_NUMBER})\b )* )?
    )*
    (?: \s?% | [\s-]?per\s?cent\b )?
    (?: (?<=\d)(?=(?:{units.ATTACHED})\b) | (?! \w | [.,]\d ) )
"""
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
NUMBER = re.compile(rf"{_NUMBER}|\b(?:{_NONE})\b", re.IGNORECASE | re.VERBOSE)
"""A number as news write it: digits with separators, words, a scale, money, a percentage."""

_ABOUT = r"about|around|some|roughly|approximately|an estimated"
_UNDER = r"nearly|almost|close to|just (?:under|below)"
_OVER = r"(?:just )?(?:more than|over|above)|upwards of"
_INEXACT = rf"(?:{_ABOUT}|{_UNDER}|{_OVER}|at least)"
_BOUND = r"as (?:many|much) as|up to|(?:fewer|less) than|not? (?:more|fewer|less) than|at most"
_LED = re.compile(rf"(?i)\b(?:{_INEXACT}|{_BOUND}) $")
_SIGNED = re.compile(r"(?i)(?:(?<![\w.,])[-−]|\b(?:minus|negative) )$")
_LOWER_END = re.compile(rf"\bbetween\s(?:{_NUMBER})\sand\s $", re.IGNORECASE | re.VERBOSE)
_PARTICLE = re.compile(
    r"(?i)\b(?:(?:hand|turn|spread|divid|distribut|split|select|chos|prefer|favou?r|pick)\w*|took|takes?|taken|taking|wins?|won"
    r"|victory) over $|\b(?:is|was|were|are|up by) up to $"
    # "Charged over three deaths", "questioned about 14 operations".
    r"|\b(?:charg|fin|arrest|question|su|jail|convict|quarrel|clash|complain|worri|concern|ask|argu"
    r"|protest|disput|investigat)(?:e?d|ing|s|es|e)?(?: \w+ing| on \w+)? (?:over|about|around) $"
    r"|\b(?:talks?|rows?|anger|angry|fury|furious|film|book|story|stories|heard|spoke|know|knew"
    r"|debates?|fight|inquiry|lawsuit|vote|doubts?|complaints?|inquiries) (?:over|about|around) $"
)
_LONG = re.compile(
    r"(?i)[\s-](?:high|tall|long|wide|deep|thick|above|below|away|race|sprint|hurdles|freestyle)\b"
)
_NO_SUCH = re.compile(r"(?i)no\s[a-z]")  # "no jobs"
_LEAD = 40  # characters before a figure that may hold "between 300,000 and"
ROUGH = re.compile(rf"(?i)(?:{_ABOUT}|(?P<under>{_UNDER})|(?P<over>{_OVER}))\b")
"""What tells, at the beginning of a text, that its figure is not exact; "at least" is a bound."""
_SCALED = re.compile(
    rf"(?i)\d\.\d|\b(?:{_SCALE})\b|\d\s?(?:bn|mn|tn)\b|\d[mkb]\b|\d\s?(?:%|per\s?cent)"
)
# Of a figure: what is farther from it would have been told otherwise, and so would what differs
# from it in the digits that it has: 4,350 is not "about 4,200".
_NEAR = 0.05
_INCHES = re.compile(r" in\b(?! \w)")  # "6 ft 9 in"
_AND = re.compile(r"(?i),?\s?(?:and\s)?")
_WHOLES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "sixth": 6, "eighth": 8}
_COUNT = rf"(?:\d+|(?:{WORD_NUMBER}))"
_SHARE = re.compile(
    rf"(?i)\b(?:({_COUNT}) (?:in|out of) (?:every )?(?P<of>{_COUNT})"
    rf"|(?<!first )(?<!second )(?<!third )(?<!fourth )(?<!last )"
    rf"(?:(?P<part>an?|{_COUNT})[ -])?(?P<whole>half|third|quarter|fifth|tenth)s?"
    rf"|(?P<more>an?|{_COUNT})[ -](?P<small>sixth|eighth)s?(?= of\b|[.,;]|$))\b"
    r"(?! quarter| half| of (?:19|20)\d\d| an? (?:percent|point)| (?:percentage )?points?| percent)"
)
RANGE = re.compile(r"\s?(?:to|and|or|[-–—])\s?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s*$", re.IGNORECASE)
PART = re.compile(r"(?i)\b(?:quarter|third|half|tenth|fifth)s? of\s*$")
_FIGURE_BEHIND = r"(?=\s*$|\s+(?:an?\s+)?(?:half|third|quarter|fifth|tenth|one|two|three)\b)"
_BOUNDS = tuple(
    (sign, re.compile(rf"(?i)\b(?:{said}){_FIGURE_BEHIND}"))
    for sign, said in (
        (
            "<",
            r"(?<!no )(?<!not )(?:fewer|less) than|under|below|up to|as (?:many|much) as|at most"
            rf"|not? more than|{_UNDER}",
        ),
        (">", r"(?<!no )(?<!not )more than|over|above|at least|not? (?:fewer|less) than"),
    )
)
# Not "12 in 2024" nor "12 in 10 days".
_FRACTION = re.compile(
    r"(?i)\s?/\s?\d|[\s-]and[\s-]a[\s-]half\b|[-\s](?:half|halves|thirds?|quarters?|fifths?|sixths?|tenths?)\b"
    rf"|\s(?:in|out\sof)\s(?:every\s)?(?!(?:19|20)\d\d\b|[\w-]+\s(?:{units.TIME})s?\b)"
    rf"(?:\d|(?:{WORD_NUMBER})\b)"
)


class Quantity(NamedTuple):
    """A number, or the ends of a range, and its unit."""

    least: float
    most: float
    unit: str
    """ "%", a currency's sign, another currency or measure by name, or ""."""
    bound: str = ""
    """ "<" of "fewer than" and "nearly", ">" of "more than" and "at least", else ""."""

    @property
    def dimension(self) -> str:
        """What it is a quantity of: "money", "length" and the like; "" where that is not told."""
        return units.dimension(self.unit)

    def same(self, other: Quantity) -> bool:
        """Whether both are one value; an amount of money may lack its currency or country."""
        if self.opposes(other):
            return False
        if units.alike(self.unit, other.unit) and self[:2] == other[:2]:
            return True
        return all(
            units.come_to_one(value, self.unit, its, other.unit)
            for value, its in zip(self[:2], other[:2], strict=True)
        )

    def opposes(self, other: Quantity) -> bool:
        """Whether one is "fewer than" and the other "more than"."""
        return {self.bound, other.bound} == {"<", ">"}


def with_bound(text: str, start: int, end: int) -> int:
    """Where a figure begins with its sign, and what bounds it before it: "at least -3".

    Args:
        text: In which the figure stands.
        start: Where it begins; what is no figure begins there.
        end: Where it ends.
    """
    if not NUMBER.match(text, start, end):
        return start
    if signed := _SIGNED.search(text[max(0, start - _LEAD) : start]):
        start -= len(signed.group())
    before = text[max(0, start - _LEAD) : start]
    led = _LED.search(before) or _LOWER_END.search(before)
    if led and _PARTICLE.search(before):  # "handed over seven", "it was up to 173"
        return start
    if not led and " and " in text[start:end]:
        led = _BETWEEN.search(before)
    return start - len(led.group()) if led else start


def with_unit(text: str, start: int, end: int) -> int:
    """Where a figure ends with what of it stands right behind: "million", "percent", "kronor".

    Args:
        text: In which the figure stands.
        start: Where it begins.
        end: Where it ends; what does not end with a number ends there.
    """
    if text[start:end].casefold() == "no" and (noun := re.match(r" [a-z]+", text[end:])):
        return end + noun.end()
    figure = next((m for m in NUMBER.finditer(text, start, end) if m.end() == end), None)
    if not figure:
        return end
    whole = NUMBER.match(text, figure.start())
    end = max(end, whole.end()) if whole else end
    behind = UNIT_AFTER.match(text, end)
    end = behind.end() if behind and units.is_money(behind) else end
    rate = RATE.match(text, end + 1) if text[end : end + 1] == " " else None
    return rate.end() if rate else end


def rate_in(text: str) -> str:
    """What a text's figure is told for each of: "month" of "$500 a month", or ""."""
    match = RATE.search(text)
    return units.rate(match) if match else ""


def quantity_in(text: str) -> Quantity | None:
    """The first number in a text, or the range that begins with it; None of a share ("1 in 5")."""
    match = NUMBER.search(text)
    if not match:
        return Quantity(0.0, 0.0, "") if _NO_SUCH.match(text) else None
    bound = bound_in(text[: match.start()])
    value, unit = _value(match, text)
    value, unit, end = _with_smaller(value, unit, match, text)
    share = _FRACTION.match(text, end) or PART.search(text[: match.start()])
    if share or not math.isfinite(value):
        return None
    between = RANGE.match(text, end)
    upper = NUMBER.match(text, between.end()) if between else None
    apart = between and between.group().strip().casefold() == "and"
    if not upper or (apart and not _BETWEEN.search(text[: match.start()])):
        return Quantity(value, value, unit, bound)
    most, its_unit = _value(upper, text)
    if not math.isfinite(most):
        return None
    if unit and its_unit and unit != its_unit:  # "rose 8 percent to $3.20"
        return Quantity(value, value, unit, bound)
    scale = _scale_of(upper.group())
    if _scale_of(match.group()) == 1 and value * scale <= most:  # "5 to 6 million"
        value *= scale
    fell = most < value  # "61% to 39%"
    return Quantity(value, value if fell else most, unit or its_unit, bound if fell else "")


def _with_smaller(
    value: float, unit: str, match: re.Match[str], text: str
) -> tuple[float, str, int]:
    """A measure with its smaller part, in the larger unit, and where it ends: "6 feet 9 inches"."""
    own = UNIT_AFTER.match(text, match.end())
    gap = own and _AND.match(text, own.end())
    smaller = gap and NUMBER.match(text, gap.end())
    its = smaller and (UNIT_AFTER.match(text, smaller.end()) or _INCHES.match(text, smaller.end()))
    if not (own and smaller and its):
        return value, unit, match.end()
    more, its_unit = _value(smaller, text)
    its_unit = "inch" if its.re is _INCHES else its_unit
    part = units.part_of(its_unit, unit)
    return (value + more * part, unit, its.end()) if part else (value, unit, match.end())


def is_figure(text: str) -> bool:
    """Whether a text is a figure, with what is counted and bounds it, not a name that has one.

    "At least 12 planes" and "the 12" are, "Flight 5342" and "F-16" are not.
    """
    match = NUMBER.search(text)
    if not match or not quantity_in(text):
        return False
    before = text[: with_bound(text, match.start(), match.end())]
    return not re.search(r"[A-ZÀ-Þ]\w|\w-$", re.sub(r"^The\b", "", before))


def bound_in(text: str) -> str:
    """How a text bounds its figure, which stands behind: "<", ">", or "" where it does not."""
    return next((sign for sign, said in _BOUNDS if said.search(text)), "")


def share_in(text: str) -> float | None:
    """The share that a text names, 0 to 100: "half", "two thirds", "six in 10", "37 percent"."""
    figure = quantity_in(text)
    if figure and figure.unit == "%" and figure.least == figure.most:
        return figure.least
    match = _SHARE.search(text)
    if not match:
        return None
    if match["of"]:
        return 100 * number(match.group(1).casefold()) / (number(match["of"].casefold()) or 1.0)
    times = number((match["part"] or match["more"] or "").casefold()) or 1.0
    return 100 * times / _WHOLES[(match["whole"] or match["small"]).casefold()]


def _scale_of(found: str) -> int:
    """The largest of the words and letters that a number is multiplied by; 1 without any."""
    words = re.findall(r"[a-z]+", found.casefold())
    return max((_SCALES.get(word) or _ATTACHED.get(word) or 1 for word in words), default=1)


def _value(match: re.Match[str], text: str) -> tuple[float, str]:
    found = match.group().casefold()
    unit = "%" if found.endswith("%") or re.search(r"per\s?cent$", found) else ""
    # "2,500m long" are no millions.
    long = _LONG.match(text, match.end()) or re.match(r"\d{1,3}(?:,\d{3})+\s?m$", found)
    if found.endswith("m") and long:
        return number(found[:-1]), "meter"
    if money := re.match(CURRENCY, match.group(), re.IGNORECASE):
        unit = units.before(money.group())
    elif behind := UNIT_AFTER.match(text, match.end()):
        unit = units.behind(behind)
    bare = re.sub(rf"(?i)[-\s]?per\s?cent$|%|^{CURRENCY}", "", match.group())
    value = number(bare.casefold())
    return -value if _SIGNED.search(text[: match.start()]) else value, unit


def number(text: str) -> float:
    """The number that digits and words come to; 0.0 of none."""
    if re.fullmatch(_NONE, text):
        return 0.0
    total, current, scaled = 0.0, 0.0, False
    for word in re.findall(r"\d/\d|[\d.,]+|[a-z]+|[¼½¾]", text):
        if "/" in word:
            current += int(word[0]) / int(word[2])
        elif word in _PARTS:
            current += _PARTS[word]
        elif word[0].isdigit():
            current += float(word.replace(",", "").rstrip("."))
        elif part := _OF_A_SCALE.get(word.removesuffix("s")):  # "three quarters of a million"
            current = (current or 1) * part
        elif word == "half":
            current += 0.5
        elif word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif scale := _SCALES.get(word) or _ATTACHED.get(word):
            if scaled and not current:  # "5 lakh crore"
                total *= scale
            else:
                total, current, scaled = total + (current or 1) * scale, 0.0, True
    return float(f"{total + current:.12g}")  # 4.1 million are 4,100,000


def besides(text: str) -> str:
    """A text without its first figure, that figure's unit, and what bounds it."""
    match = NUMBER.search(text)
    if not match:
        return text
    unit = UNIT_AFTER.match(text, match.end())
    before = text[: with_bound(text, match.start(), match.end())]
    return f"{before} {text[unit.end() if unit else match.end() :]}"


def rounds(rough: str, exact: str) -> bool:
    """Whether one text's figure is the other's told less exactly: "nearly 2,000" of "1,949".

    Without such a word it must be the other one rounded to its own two or more digits, with a
    scale or a decimal: "$1.5 billion" of "$1.52 billion", not "150" of "148".
    """
    near, whole = quantity_in(rough), quantity_in(exact)
    if not near or not whole or near.unit != whole.unit or re.match(rf"(?i){_INEXACT}\b", exact):
        return False
    value, known = near.least, whole.least
    if near.least != near.most or whole.least != whole.most or value <= 0 or value == known:
        return False
    said = ROUGH.match(rough)
    if not said and not re.match(r"(?i)at least\b", rough):
        digits = len(f"{value:.15g}".replace(".", "").strip("0"))
        scaled = _SCALED.search(rough)
        round_ = (scaled and digits > 1) or (digits > 2 and value % 100 == 0)
        return bool(round_) and float(f"{known:.{digits}g}") == value
    one_sided = not said or said["under"] or said["over"]
    off = min(_last_place(value) / (1 if one_sided else 2), _NEAR * value)
    below = off if said and not said["over"] else 0.0
    above = 0.0 if said and said["under"] else off
    return value - below <= known <= value + above


def _last_place(value: float) -> float:
    """What a figure's last digit but for zeros counts: 100 of 4,200, 0.1 of 1.5."""
    exponent = Decimal(f"{value:.15g}").normalize().as_tuple().exponent
    return float(10.0 ** int(exponent))


def figures_agree(first: str, second: str) -> bool:
    """Whether all figures of one text stand in the other: "February 5", "February 5, 2025"."""
    here, there = (
        {figure.replace(",", "") for figure in _FIGURES.findall(text)} for text in (first, second)
    )
    return here <= there or there <= here

"""Units that stand with a number: currencies and measures, what each is called and measures."""

from __future__ import annotations

import re

_CODES = {
    "usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹", "krw": "₩", "cad": "C$",
    "aud": "A$", "nzd": "NZ$", "hkd": "HK$", "sgd": "S$", "cny": "yuan", "rmb": "yuan",
    "chf": "swiss franc", "sek": "swedish krona", "nok": "norwegian krona",
    "dkk": "danish krona", "czk": "czech krona", "mxn": "mexican peso", "brl": "reais",
    "zar": "rand", "pln": "zloty", "uah": "hryvnia", "rub": "ruble", "ils": "shekel",
    "aed": "dirham", "pkr": "pakistani rupee", "huf": "forint",
}  # fmt: skip
_CODE = f"(?-i:{'|'.join(_CODES).upper()})"
CURRENCY = rf"(?:(?:US|C|AU?|NZ|HK|S|R)?\$|[€£¥₹₩]|(?:Rs\.?|{_CODE})\s?)"
"""What stands before an amount of money."""
_CURRENCIES = {"us$": "$", "au$": "A$", "rs": "₹", "rs.": "₹"} | _CODES
_SIGNS = {"dollar": "$", "euro": "€", "pound": "pound", "yen": "¥", "rupee": "₹", "won": "₩"}
_MONEY = {
    **_SIGNS,
    **{name: name for name in (
        "cent pence peso yuan franc ruble rand shekel dirham riyal lira baht naira rupiah zloty "
        "dinar hryvnia forint shilling reais"
    ).split()},
    **dict.fromkeys("krona kronor krone kroner kronur koruna".split(), "krona"),
    "rouble": "ruble",
}  # fmt: skip
_DOLLARS = {"canadian": "C$", "australian": "A$", "new zealand": "NZ$", "hong kong": "HK$",
            "singapore": "S$"}  # fmt: skip
# Whose it is where the name or sign alone stands.
_WHOSE = {"$": "us u.s. us. u.s american", "₹": "indian", "¥": "japanese",
          "₩": "south korean", "yuan": "chinese", "ruble": "russian", "rand": "south african",
          "zloty": "polish", "hryvnia": "ukrainian", "reais": "brazilian"}  # fmt: skip
# What measures what, and how much it is in one unit; 0 where the name does not tell which it is.
_OF: dict[str, dict[str, float]] = {
    "weight": {"gram": 1e-3, "kilogram": 1, "ounce": 0.02835, "lb": 0.4536, "ton": 0, "tonne": 1e3},
    "length": {"mile": 1609.3, "kilometer": 1e3, "meter": 1, "centimeter": 1e-2,
               "millimeter": 1e-3, "feet": 0.3048, "inch": 0.0254, "yard": 0.9144},
    "area": {"acre": 4047, "hectare": 1e4},
    "volume": {"liter": 1, "gallon": 0, "barrel": 0},  # which gallon, none tells
    "speed": {"mph": 1.6093, "km/h": 1},
    "data": {"kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9, "terabyte": 1e12},
    "power": {"watt": 1, "kilowatt": 1e3, "megawatt": 1e6, "gigawatt": 1e9, "terawatt": 1e12},
    "energy": {"watt-hour": 1, "kilowatt-hour": 1e3, "megawatt-hour": 1e6, "gigawatt-hour": 1e9,
               "terawatt-hour": 1e12},
    "points": {"percentage point": 1, "basis point": 0.01},
    "temperature": {"degree": 0, "°C": 0, "°F": 0},
}  # fmt: skip
_DIMENSIONS = {unit: dimension for dimension, units in _OF.items() for unit in units}
_MEASURES = {unit.casefold(): unit for unit in _DIMENSIONS} | {
    **{f"{by} {per} hour": unit for by, unit in (("miles", "mph"), ("kilometers", "km/h"),
                                                 ("kilometres", "km/h")) for per in ("per", "an")},
    "metric ton": "tonne", "kph": "km/h", "kmh": "km/h",
    "kilo": "kilogram", "kg": "kilogram", "kilometre": "kilometer",
    "km": "kilometer", "metre": "meter", "centimetre": "centimeter", "cm": "centimeter",
    "millimetre": "millimeter", "mm": "millimeter", "foot": "feet", "ft": "feet",
    "c": "°C", "f": "°F", "°c": "°C", "°f": "°F", "ºc": "°C", "ºf": "°F", "in": "inch",
    "inche": "inch", "oz": "ounce", "litre": "liter",
    "mw": "megawatt", "gw": "gigawatt", "kw": "kilowatt", "mwh": "megawatt-hour",
    "gwh": "gigawatt-hour", "kwh": "kilowatt-hour",
    "degrees celsius": "°C", "degrees fahrenheit": "°F",
    **{unit.replace("-", " "): unit for unit in _OF["energy"]},
}  # fmt: skip
SECONDS_IN = {
    "second": 1,
    "sec": 1,
    "minute": 60,
    "min": 60,
    "hour": 3600,
    "hr": 3600,
    "day": 86_400,
    "week": 604_800,
    "fortnight": 1_209_600,
}
"""Seconds in a unit of time."""
MONTHS_IN = {"month": 1, "year": 12, "decade": 120, "century": 1200, "centurie": 1200}
"""Months in a unit of time."""
TIME = "|".join([*SECONDS_IN, *MONTHS_IN])
"""What counts time, one of it."""
_ROUNDED, _A_DEGREE = 0.02, 0.6  # what rounding takes from a measure told in other units; °C
_TIMES_A = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month",
            "quarterly": "quarter", "yearly": "year", "annually": "year"}  # fmt: skip
TIMES = frozenset(_TIMES_A.values())
"""What a figure may be told for each of: "$500 a month"."""
RATE = re.compile(
    rf"(?i)\b(?:an?|per|each|every)\s({'|'.join(sorted(TIMES))}|share|head|person|capita|barrel|tonne"
    rf"|ton|gallon|litre|liter|unit|hectare|acre|kilogram|kilo)\b(?!\s(?:ago|later|earlier|after|before))"
    rf"|\b({'|'.join(_TIMES_A)}|apiece)\b"
)
"""What a figure is told for each of, as it stands behind it."""
# Longer names first: "megawatt-hours" are no megawatts.
_NAMES = "|".join(
    sorted({**_MONEY, **_MEASURES}.keys() - {"won", "in", "c", "f"}, key=len, reverse=True)
)
_COUNTRY = rf"u\.?s\.?|{'|'.join(_DOLLARS)}|(?-i:[A-Z][a-zé]+(?:\s[A-Z][a-z]+)?)"
ATTACHED = "km/h|kmh|km|cm|mm|kg|mph|kph|lbs?|ft|in|oz|(?:k|m|g)wh?|(?:°|º)?(?-i:[CF])"
"""Units that are written right behind a number's digits."""
UNIT_AFTER = re.compile(
    rf"(?i)(?:[\s-]+|(?<=\d)(?=[a-z]))(?:({_COUNTRY})\s+)?"
    r"(square\s+|cubic\s+)?(?:((?<=korean )won|(?<=\d)in|(?-i:(?:°|º)?[CF])(?!-)"
    rf"|{_NAMES})s?|({_CODE}))\b"
)
"""A unit behind a number, with whose money it is."""


def before(sign: str) -> str:
    """The unit of what stands before a number, as `CURRENCY` has it."""
    sign = sign.strip().casefold()
    return _CURRENCIES.get(sign, sign.upper())


def behind(found: re.Match[str]) -> str:
    """The unit that stands behind a number, as `UNIT_AFTER` has it."""
    country, square, name, code = (part.casefold() if part else "" for part in found.groups())
    if code:
        return _CODES[code]
    if name not in _MONEY:
        return f"{square.strip()} {_MEASURES[name]}".strip()
    unit = _MONEY[name]
    if (country, unit) == ("british", "pound"):
        return "£"
    if not country or country in _WHOSE.get(unit, "").split() or country == _WHOSE.get(unit):
        return unit
    if unit == "$":
        return _DOLLARS.get(country, f"{country} $")
    return f"{country} {name if name in _SIGNS else unit}"


def is_money(found: re.Match[str]) -> bool:
    """Whether a unit that stands behind a number is a currency."""
    return bool(found.group(4)) or found.group(3).casefold() in _MONEY


def dimension(unit: str) -> str:
    """What a unit measures: "money", "share", "length" and the like; "" of none."""
    if unit.startswith(("square ", "cubic ")):
        return "area" if unit.startswith("square") else "volume"
    if unit == "pound":  # of money or of weight
        return ""
    if unit.endswith(("$", "£")) or _bare(unit) in {*_MONEY, *_MONEY.values()}:
        return "money"
    return "share" if unit == "%" else _DIMENSIONS.get(unit, "")


def alike(unit: str, other: str) -> bool:
    """Whether two units may be one: francs may be Swiss ones, and any amount lack its unit."""
    if any({unit, other} == one for one in _LOOSE):
        return True
    if unit == other or "" in (unit, other):
        return unit == other or "%" not in (unit, other)
    return dimension(unit) == dimension(other) == "money" and (
        _bare(unit) == other or _bare(other) == unit
    )


_LOOSE = tuple(frozenset(pair.split()) for pair in (
    "pound £", "pound lb", "degree °C", "degree °F", "ton tonne",
))  # fmt: skip


def come_to_one(value: float, unit: str, its: float, other: str) -> bool:
    """Whether two measures in different units are one but for rounding: 70 mph are 112 km/h."""
    if unit == other:
        return False
    if "pound" in (unit, other):  # beside another weight it is no money
        unit, other = (name.replace("pound", "lb") for name in (unit, other))
    if not dimension(unit) or dimension(unit) != dimension(other):
        return False
    if dimension(unit) == "temperature":
        first, second = _celsius(value, unit), _celsius(its, other)
        return first is not None and second is not None and abs(first - second) <= _A_DEGREE
    first, second = value * _factor(unit), its * _factor(other)
    return abs(first) > 0 and abs(first - second) <= _ROUNDED * abs(second)


def part_of(unit: str, whole: str) -> float:
    """How much one smaller unit is of a larger one: an inch of a foot; 0.0 of what it is none."""
    whole = whole.replace("pound", "lb")
    part = _factor(unit) / (_factor(whole) or 1.0)
    same = bool(dimension(unit)) and dimension(unit) == dimension(whole)
    return part if same and part < 1.0 else 0.0


def _factor(unit: str) -> float:
    power = {"square": 2, "cubic": 3}.get(unit.partition(" ")[0], 1)
    name = unit.rpartition(" ")[2] if power > 1 else unit
    factor = _OF.get(_DIMENSIONS.get(name, ""), {}).get(name, 0.0)
    if name == "liter":  # of volume, in the cube of what lengths are told in
        factor = 1e-3
    return float(factor**power)


def _celsius(value: float, unit: str) -> float | None:
    return {"°C": value, "°F": (value - 32) / 1.8}.get(unit)


def _bare(unit: str) -> str:
    """A currency's name without whose it is."""
    return unit.rsplit(" ", maxsplit=1)[-1]


def rate(found: re.Match[str]) -> str:
    """What a figure is told for each of, as `RATE` has it, one of it: "month"."""
    per = (found.group(1) or found.group(2)).casefold()
    return _TIMES_A.get(per, per)

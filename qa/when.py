"""Which time a question is about, where it says so: articles of that time are preferred."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from index import Filters
from qa.dates import MONTHS, month_number

_WEEKS = timedelta(days=14)
_AFTER = timedelta(days=2)  # written soon after, and dates that are off by a time zone
# Newspapers look back: what happened in a month is still told in the weeks after it.
_LATER = timedelta(days=10)

_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)

_RECENT = (
    (re.compile(r"(?i)\b(?:today|tonight|yesterday|this (?:morning|evening|afternoon))\b"), 4),
    (re.compile(r"(?i)\b(?:this|last|past|previous) (?:week|weekend)\b|\blast night\b"), 14),
    (re.compile(r"(?i)\b(?:now|currently|recent|recently|latest|newest|these days)\b"), 30),
    (re.compile(r"(?i)\b(?:this|last|past|previous) month\b"), 45),
)
_SHORT = rf"(?:{'|'.join(name[:3] for name in MONTHS if name != 'may')}|sept)"
_NAMED = rf"({'|'.join(MONTHS)}|{_SHORT}(?:\.|(?= \d)))"  # not Mar-a-Lago, nor Jan of a name
_WRITTEN = r"(?:,? ((?:19|20)\d\d))?\b"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_MONTH = re.compile(
    rf"(?i)\b(?:in|of|since|during|early|late|mid) {_NAMED}(?!\w){_WRITTEN}"
    rf"|\b{_NAMED} {_DAY}{_WRITTEN}|\b{_DAY} (?:of )?{_NAMED}(?!\w){_WRITTEN}"
)
_TO_COME = re.compile(r"(?i)\b(?:will|going to|upcoming|comes? out)\b")
# "Of 2000 staff" is no year.
_YEAR = re.compile(r"(?i)\b(?:(?:in|during|since)|(?:of|about)(?= \d{4}(?! \w))) ((?:19|20)\d\d)\b")
_SINCE = re.compile(r"(?i)\bsince\b")


def period(question: str, now: datetime | None, newest: datetime | None) -> Filters | None:
    """The time whose articles are preferred; None where neither question nor caller tells.

    Args:
        question: Standing on its own.
        now: When it is asked, if the caller says so: then the two weeks before it are meant
            wherever the question itself names no time.
        newest: The date of the newest article, which stands for "now" where nobody says.
    """
    reference = now or newest
    if reference:  # time to step to either side of it
        reference = min(max(reference, _FIRST), _LAST)
    if reference and (found := _named(question, reference)):
        return found
    if reference:
        for pattern, days in _RECENT:
            if pattern.search(question):
                return _before(reference, timedelta(days=days))
    return _before(reference, _WEEKS) if now and reference else None


def _before(moment: datetime, span: timedelta) -> Filters:
    return Filters(after=moment - span, before=moment + _AFTER)


def _named(question: str, reference: datetime) -> Filters | None:
    """The month or year that a question names last; a month without a year is the latest one."""
    said = [*_MONTH.finditer(question), *_YEAR.finditer(question)]
    match = max(said, key=re.Match.start, default=None)
    if not match:
        return None
    if match.re is _MONTH:
        name, written, *_ = [part for part in match.groups() if part] + [""]
        month = month_number(name)
        if month > reference.month and not written and _TO_COME.search(question):
            return _before(reference, timedelta(days=45))  # nothing was written since
        year = int(written) if written else reference.year - (month > reference.month)
        first = datetime(year, month, 1, tzinfo=UTC)
        last = datetime(year, month, monthrange(year, month)[1], tzinfo=UTC)
    else:
        year = int(match[1])
        first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC)
    if _SINCE.match(match.group()):
        return Filters(after=first, before=reference + _AFTER)
    return Filters(after=first, before=last + _LATER)

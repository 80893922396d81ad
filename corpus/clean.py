"""Pasted web text: which lines are the article, and which are the page around it.

People paste an article with everything that stood near it: the headline twice, the byline, the
photo credit, "Leave a Reply", the star rating, the next article. `clean` takes the lines apart
and keeps the article's own, unchanged, so that a quote is what the outlet wrote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise, takewhile

from corpus.dates import parse_date
from corpus.wrapped import unwrapped

_LONGEST_TITLE = 200
_TOP = 0.3  # the share of lines where the page's head may be


@dataclass(slots=True)
class Clean:
    """An article's parts as found in plain text."""

    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    outlet: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    references: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The paragraphs, separated by blank lines."""
        return "\n\n".join(self.paragraphs)


def clean(text: str, title: str = "") -> Clean:
    """Find the article in plain text.

    Args:
        text: Text as pasted from a page or read from a file.
        title: The headline where it is known; else the first line that can be one.
    """
    found = Clean(title=title)
    lines = _lines(text)
    _take_labels(lines, found)
    headline = found.title or _take_headline(lines)
    found.title = headline or _first_words(lines)
    lines = _without_tail(lines)
    lines, found.references = _without_references(lines)
    days = _day_headings(lines)
    for n, line in enumerate(lines):
        # A single one at the top is the article's date; several are a timeline's.
        if n in days and (len(days) > 1 or any(_PROSE.fullmatch(p) for p in found.paragraphs)):
            found.paragraphs.append(line)
        else:
            _place(line, headline, found)
    _drop_bare_names(found)
    _take_masthead(lines, found)
    _read_dateline(found)
    return found


def _lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = re.sub("[\u200b\u200c\u2060\ufeff\u00ad]", "", text).replace("\u2028", "\n")
    text = unwrapped(text)
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


_LABEL = re.compile(
    r"(?i)(title|headline|outlet|source|publisher|publication|authors?|by|date|published)"
    r"\s*:\s*(\S.{0,250})"
)
_SURE_LABELS = frozenset({"title", "headline", "date", "published"})


def _take_labels(lines: list[str], found: Clean) -> None:
    """Take lines such as "Title: ..." and "Date: ..." from the top, where a text begins so."""
    taken = list(takewhile(bool, (_LABEL.fullmatch(line) for line in lines)))
    labelled = [match.groups() for match in taken if match]
    names = {label.casefold() for label, _ in labelled}
    # One alone may be a headline ("Source: the dam had leaked for years"), and the same once more
    # is who speaks in an interview.
    if len(labelled) < 2 or len(names) < len(labelled) or not names & _SURE_LABELS:
        return
    del lines[: len(labelled)]
    for label, value in labelled:
        name = label.casefold()
        if name in ("title", "headline"):
            found.title = found.title or value
        elif name in ("date", "published"):
            found.published = found.published or parse_date(value)
        elif name.startswith(("author", "by")):
            found.authors = found.authors or _names(value)
        else:
            found.outlet = found.outlet or value


def _take_headline(lines: list[str]) -> str:
    """Remove the headline from the top; a text that starts with prose has none."""
    while lines and _NOISE.fullmatch(lines[0]):
        lines.pop(0)
    if not lines:
        return ""
    if repeated := _repeated_headline(lines):
        del lines[: lines.index(repeated)]  # what stands above it is the page's section
        return lines.pop(0)
    return lines.pop(0) if len(lines) > 1 and _looks_like_title(lines[0]) else ""


def _first_words(lines: list[str]) -> str:
    """What a text without a headline is called: its first sentence, cut where it is long."""
    head = re.split(r"(?<=[.!?])\s", lines[0], maxsplit=1)[0] if lines else ""
    return head if len(head) <= 100 else head[:99].rsplit(" ", 1)[0] + "…"


def _repeated_headline(lines: list[str]) -> str:
    """A line that stands at least twice at the top, as pages print their headline."""
    top = lines[:8]
    return next((line for line in top if _looks_like_title(line) and top.count(line) > 1), "")


def _looks_like_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and not line.endswith((".", ":", ";", ",", '."', ".”"))


# A line that is the page's, wherever it stands.
_NOISE = re.compile(
    r"""(?ix)
    menu | home | search | close | advertisement | sponsored | subscribe(\ now)? | sign\ (in|up)
    | log\ in | print | e-?mail | copy\ link | skip\ to\ (main\ )?content | read\ more
    | (share|follow|tweet|pin)(\ (this|us|it|on)\b[^,.!?]{0,40}[.!]?)?
    | facebook | twitter | whatsapp | linkedin
    | (tags|filed\ under|topics|categories|category)\s*:.*
    | (story\ continues\ below|article\ continues\ (below|after)).{0,40}
    | latest\ (news|stories) | trending(\ now)? | most\ (read|popular)
    | average\ rating\b.* | no\ votes\ so\ far.* | click\ on\ a\ star.*
    | (getty(\ images)?|(ap|afp|epa|reuters|getty)(\ (photo|images?))?\s*/.{2,50})
    | (photo|image|credit|picture)(\ (by|credit|courtesy))?\s*:.{2,60}
    | \d+\ (comments?|shares?|views?|min(ute)?s?\ read)
    | ©.{0,120} | all\ rights\ reserved.{0,60}
    | copyright(\s*(©|\(c\)|\d{4}|by\b|notice|:|(?-i:[A-ZÀ-Þ])).{0,120})?
    """
)

# From such a line on, when it stands below the head, nothing of the article follows, unless it is
# one that stands between paragraphs too.
_TAIL = re.compile(
    r"""(?ix)
    leave\ a\ (reply|comment) | your\ e-?mail\ address\ will\ not\ be\ published.*
    | how\ useful\ was\ this\ (article|post)\s*\?* | (previous|next)\ (article|post|story)
    | more\ (on|from)\b[^.!?,]{0,40} | more\ (on|from|in)\b[^.!?]{0,60}:
    | (related|recommended|you\ (may|might)\ also\ like|read\ next|up\ next)(\ reading)?:?
    | (related|recommended)\ (articles?|stories|posts|news|content|topics|for\ you)\s*:?
    | (sign\ up|subscribe)\ (for|to)\ (our|the)\b.{0,120} | (post\ a\ comment|comments)\s*(\(\d+\))?
    | about\ the\ author | latest\ (news|stories)
    """
)


_BETWEEN = re.compile(
    r"(?i)(related|recommended|read next|sign up|subscribe|more (on|from|in))\b.*"
)
_GOES_ON = 2
"""Paragraphs behind a line of `_BETWEEN` that tell that the article goes on."""


def _without_tail(lines: list[str]) -> list[str]:
    head = int(len(lines) * _TOP)
    kept = []
    for n, line in enumerate(lines):
        if n > head and _TAIL.fullmatch(line):
            behind = sum(bool(_PROSE.fullmatch(other)) for other in lines[n + 1 :])
            if not (_BETWEEN.fullmatch(line) and behind >= _GOES_ON):
                break
        else:
            kept.append(line)
    return kept


_REFERENCES = re.compile(r"(?i)(sources?|references?|further reading|links)\s*:?")
_MOST_REFERENCES = 60
_LIST_ITEM = re.compile(r"(\d{1,2}[.)]|[•*\-–])\s+(.+)")


def _without_references(lines: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Take a closing list of sources apart from the body."""
    for n in range(len(lines) - 1, max(0, len(lines) - _MOST_REFERENCES), -1):
        if not _REFERENCES.fullmatch(lines[n]):
            continue
        rest = [line for line in lines[n + 1 :] if not _NOISE.fullmatch(line)]
        items = [_LIST_ITEM.fullmatch(line) for line in rest]
        if items and all(items):
            return lines[:n], tuple(item.group(2) for item in items if item)
    return lines, ()


_NAME = r"[A-ZÀ-Þ][\w.'’\-]+(?:\s+(?:[A-ZÀ-Þ][\w.'’\-]*|de|la|del|van|von|bin|al)){1,3}"
_BYLINE = re.compile(
    rf"(?:[Bb]y|BY)\s+({_NAME}(?:(?:,\s*|\s+and\s+|,\s+and\s+){_NAME})*)"
    r"(?:,.{0,60}(?<![.!?]))?"  # "By Labor Day, prices had fallen."
)
_NAME_AND_DATE = re.compile(rf"(?:(?:By|BY)\s+)?({_NAME})\s*[|•·–—-]\s*(.{{6,50}})")
_DATE_LABEL = re.compile(
    r"(?i)(?:published|posted|updated|last updated|date)(?: on| at)?\s*:?\s*(.{6,50})"
)


def _place(line: str, headline: str, found: Clean) -> None:
    """Put one line where it belongs: metadata, paragraph, or nowhere."""
    if _NOISE.fullmatch(line) or _same(line, headline):
        return
    if len(line) < 120:
        if match := _BYLINE.fullmatch(line):
            found.authors = found.authors or _names(match.group(1))
            return
        if (match := _NAME_AND_DATE.fullmatch(line)) and (date := parse_date(match.group(2))):
            found.authors, found.published = _names(match.group(1)), date
            return
        labelled = _DATE_LABEL.fullmatch(line)
        if date := parse_date(labelled.group(1)) if labelled else _bare_date(line):
            found.published = found.published or date
            return
    if text := _strip_headline(_BULLET.sub("", line), headline, found):
        found.paragraphs.append(text)


_PROSE = re.compile(r".{24,}[.!?…][\"'”’)]*")
_WRITTEN_OUT = re.compile(r"\d{4}|[^\W\d_]{3}")  # a year or a month: "4-3-3" is no date


def _bare_date(line: str) -> datetime | None:
    return parse_date(line) if len(line) < 120 and _WRITTEN_OUT.search(line) else None


def _day_headings(lines: Sequence[str]) -> set[int]:
    """The lines that are a date and stand right above prose."""
    return {
        n
        for n, (line, below) in enumerate(pairwise(lines))
        if _PROSE.fullmatch(below) and _bare_date(line)
    }


_BULLET = re.compile(r"[•▪●‣◦]\s*")


def _strip_headline(line: str, headline: str, found: Clean) -> str:
    r"""Cut a headline glued to the first paragraph ("Title \ Outlet \ City \ Name \ Text")."""
    if not headline or not line.startswith(headline) or "\\" not in line:
        return line
    *parts, text = (part.strip() for part in line.split("\\"))
    if len(parts) > 1:
        found.outlet = found.outlet or parts[1]
        found.authors = found.authors or next(
            ((part,) for part in parts[2:] if re.fullmatch(_PERSON, part)), ()
        )
    return text


_PERSON = (
    r"[A-Z][a-zà-ÿ'’\-]+(?: [A-Z]\.)?(?: (?!Edition|News|Times|Post|Desk)[A-Z][a-zà-ÿ'’\-]+){1,2}"
)


_ROLE = re.compile(r"(?i)\b(?:staff|writer|reporter|correspondent|editor|columnist|news|press)\b")


def _names(text: str) -> tuple[str, ...]:
    parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", text)
    return tuple(part for part in parts if not _ROLE.search(part))


def _same(line: str, title: str) -> bool:
    return bool(title) and line.casefold().strip(" .|-") == title.casefold().strip(" .|-")


def _drop_bare_names(found: Clean) -> None:
    """The author's name alone on a line, as pages put it under a portrait."""
    names = {name.casefold() for name in found.authors}
    found.paragraphs = [p for p in found.paragraphs if p.casefold() not in names]


_OUTLET = re.compile(r"[A-ZÀ-Þ][\w&.'’\-]*(?: (?:of |the )?[A-ZÀ-Þ][\w&.'’\-]*){0,4}")
_NO_OUTLET = re.compile(
    r"(?i)(?:.*\b(?:staff|writer|reporter|correspondent|editor|columnist|contributor)\b.*"
    r"|updated|opinion|analysis|politics|sports?|business|world|local)"
)


def _is_outlet(name: str) -> bool:
    """Whether a line can be an outlet's name: no job, no section, no place in capitals."""
    place = name.isupper() and " " not in name
    return bool(_OUTLET.fullmatch(name)) and not (place or _NO_OUTLET.fullmatch(name))


def _take_masthead(lines: Sequence[str], found: Clean) -> None:
    """The outlet's name on a line between byline and date."""
    for byline, name, day in zip(lines[:5], lines[1:], lines[2:], strict=False):
        between = _BYLINE.fullmatch(byline) and _bare_date(day)
        if between and name in found.paragraphs[:2] and _is_outlet(name):
            found.outlet = found.outlet or name
            found.paragraphs.remove(name)
            return


# "PARIS (Agency) -" or "PARIS, Feb 5, 2025 (Agency) —" at the start of the text.
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’\- ]{2,40}(?:, [A-Z][\w. ]{1,20})??)"
    r"(?:, (?P<date>[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?))?"
    r" \((?P<agency>[A-Z][\w .]{1,30})\)\s*[-–—]+\s"
)


def _read_dateline(found: Clean) -> None:
    """Take outlet and date from a dateline. The line itself stays: it says where."""
    match = _DATELINE.match(found.paragraphs[0]) if found.paragraphs else None
    if match:
        found.outlet = found.outlet or match["agency"]
        found.published = found.published or parse_date(match["date"] or "")


def drop_page_lines(paragraphs: Sequence[str], title: str, *, tail: bool = True) -> list[str]:
    """Drop what is the page's from text whose metadata is already known.

    Args:
        paragraphs: One a line.
        title: The headline, which is dropped where it stands again.
        tail: Whether text taken from a page may end in what follows an article there.
    """
    lines = [p for p in paragraphs if p and not _same(p, title) and not _NOISE.fullmatch(p)]
    return _without_tail(lines) if tail else lines

"""HTML of the chat page. Whatever comes from an article or a user is escaped here, always."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from html import escape as _escape
from urllib.parse import quote

from corpus import Article
from corpus.dates import long_date
from corpus.web import summary_mark
from qa.answer import Answer, Citation, Status

_AROUND = 280  # characters of an article shown on each side of a quote
_MARKER = re.compile(r"“[^”]*”|\[(\d+)\]")  # one inside a quote is the article's own
# Markdown's signs as entities. What `escape` makes holds none of these.
_MARKDOWN = str.maketrans({sign: f"&#{ord(sign)};" for sign in r"\`*_{}[]|~$@^"})
# Signs that turn the direction of all that follows: what is shown would not be what is written.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_WWW = re.compile(r"(?i)\b(www)\.")
_LINE_START = re.compile(r"(?m)^(\s*)(?:([#+-])|(\d+)([.)]))")  # a heading, a list

PLACEHOLDER = "<h2>What do the articles say?</h2><p>Every answer is quoted to the letter.</p>"


def escape(text: str) -> str:
    """Text in HTML, also within quotation marks."""
    return _escape(text.translate(_TURNS))


def header(notice: str) -> str:
    """The masthead, and under it what the reader should know first."""
    line = f'<p class="notice" role="note">{escape(notice)}</p>' if notice else ""
    return (
        '<header class="masthead"><h1>On Record</h1>'
        "<p>Answers from the news, quoted and sourced</p>"
        f'<p><a href="/sources">Feeds and folders</a></p></header>{line}'
    )


def plain(text: str) -> str:
    """Text as it is: neither HTML nor Markdown in it does anything, nor does an address."""
    safe = _LINE_START.sub(_as_entity, escape(text).translate(_MARKDOWN))
    safe = _WWW.sub(r"\1&#46;", safe.replace("://", "&#58;//"))
    return safe.replace("\n", "<br>")


def _as_entity(match: re.Match[str]) -> str:
    space, sign, digits, point = match.groups(default="")
    return f"{space}{digits}&#{ord(sign or point)};"


def searching(passages: int) -> str:
    """While those that are near enough are read."""
    return f"Reading the nearest of {passages} passages…"


def problem(text: str) -> str:
    """What went wrong with a question, set apart from answers."""
    return f'<div class="problem" role="alert">Not asked: {escape(text)}</div>'


def message(answer: Answer, turn: int, known: str = "") -> str:
    """An answer with its markers as links to the sources of its turn.

    Args:
        answer: With its notice.
        turn: From 1.
        known: What of the notice stands on the page already.
    """
    numbers = {str(citation.n) for citation in answer.citations}

    # Cut at the markers first: what stands between them is made harmless on its own.
    parts, at = [], 0
    for match in _MARKER.finditer(answer.text):
        if number := match.group(1):
            parts += [plain(answer.text[at : match.start()]), _marker(number, turn, numbers)]
            at = match.end()
    text = "".join([*parts, plain(answer.text[at:])])
    label = {
        Status.ANSWERED: "Answered",
        Status.TENTATIVE: "Tentative",
        Status.ABSTAINED: "Not in the articles",
    }[answer.status]
    sure = "" if answer.abstained else f", {answer.confidence:.0%} sure"
    notice = plain(answer.notice.removeprefix(known).strip())
    note = f'<div class="read-as">{notice}</div>'
    read_as = f'<div class="read-as">Read as: {plain(answer.read_as)}</div>'
    status = f'<div class="status {answer.status.value}">{label}{sure}</div>'
    return (
        f'{read_as if answer.read_as else ""}<div class="answer">{text}</div>'
        f"{'' if answer.aside else status}"
        f"{note if notice else ''}"
    )


def _marker(number: str, turn: int, known: Set[str]) -> str:
    if number not in known:
        return plain(f"[{number}]")
    return f'<a href="#s{turn}-{number}" class="marker">[{number}]</a>'


def sources(answer: Answer, turn: int) -> str:
    """The cited articles of one turn, or the nearest passages; nothing of an aside."""
    if answer.aside:
        return ""
    cited = answer.citations or answer.nearest
    head = "Sources" if answer.citations else "Nearest passages"
    cards = "".join(_card(c, turn) for c in cited)
    return (
        f'<section aria-label="{head}: {escape(answer.question)}" data-turn="{turn}">'
        f'<h2>{head}</h2><p class="asked">{escape(answer.question)}</p>{cards}</section>'
    )


def panel(sections: Sequence[str]) -> str:
    """The sources of all turns, the latest first."""
    return "".join(reversed(sections))


def no_sources() -> str:
    """Before the first question."""
    return '<p class="empty">The passages an answer rests on appear here.</p>'


def reports(names: Sequence[str]) -> str:
    """A page that lists eval runs."""
    items = "".join(
        f'<li><a href="/reports/{quote(name, safe="")}">{escape(name)}</a></li>' for name in names
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Eval runs</title>"
        "<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 Georgia,serif;max-width:40rem;"
        "margin:3rem auto;padding:0 1rem}</style><h1>Eval runs</h1>"
        f"<ul>{items or '<li>none yet: onrecord eval samples</li>'}</ul></html>"
    )


def _card(citation: Citation, turn: int) -> str:
    article = citation.article
    number = f'<span class="number">{citation.n}</span>' if citation.n else ""
    day = long_date(article.published) if article.published else ""
    updated = f"updated {long_date(article.updated)}" if article.updated else ""
    page = f"page {citation.page}" if citation.page else ""
    parts = (article.outlet, ", ".join(article.authors), day, updated, page, summary_mark(article))
    copies = f"near-copies: {citation.also_in}" if citation.copies else ""
    meta = " · ".join(f"<bdi>{escape(part)}</bdi>" for part in (*parts, copies) if part)
    anchor = f' id="s{turn}-{citation.n}"' if citation.n else ""
    title = escape(article.title)
    if article.url.startswith(("http://", "https://")):
        link = escape(article.url)
        title = f'<a href="{link}" target="_blank" rel="noopener noreferrer nofollow">{title}</a>'
    return (
        f'<article class="source"{anchor} tabindex="-1"><h3>{number}<bdi>{title}</bdi></h3>'
        f'<p class="meta">{meta}</p>{_notes(article)}'
        f'<p class="text" dir="auto">{_surrounded(citation)}</p></article>'
    )


def _notes(article: Article) -> str:
    """Corrections and the like, which a reader must see beside any quote."""
    return "".join(
        f'<p class="note" role="note"><strong>{escape(note.label)}</strong> {escape(note.text)}</p>'
        for note in article.notes
    )


def _excerpt(text: str) -> str:
    return text if len(text) <= 2 * _AROUND else text[: 2 * _AROUND].rsplit(" ", 1)[0] + " …"


def _surrounded(citation: Citation) -> str:
    """The quote marked in its surroundings, cut between words, and the value in it."""
    body, start, end = citation.article.body, citation.start, citation.end
    if not citation.n:
        return escape(_excerpt(citation.quote))
    left, right = max(0, start - _AROUND), min(len(body), end + _AROUND)
    if left:
        left = body.find(" ", left, start) + 1 or start
    if right < len(body):
        right = max(body.rfind(" ", end, right), end)
    before = ("… " if left else "") + escape(body[left:start])
    after = escape(body[end:right]) + (" …" if right < len(body) else "")
    at, to = citation.value
    parts = [escape(part) for part in (citation.quote[:at], citation.quote[at:to])]
    quoted = f"{parts[0]}<strong>{parts[1]}</strong>" if to else ""
    quoted += escape(citation.quote[to:])
    return f"{before}<mark>{quoted}</mark>{after}".replace("\n\n", "<br><br>")

"""The page that lists the sources. Whatever comes from a feed or a server is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.sources import Source
from qa.show_feeds import moment, state

_STYLE = """
:root { color-scheme: light dark; --quiet: #6b645c; --line: #ddd8d0; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --quiet: #a8a098; --line: #3a3632; --bad: #ff8a80; }
}
body { font: 1rem/1.5 Georgia, "Times New Roman", serif; max-width: 60rem; margin: 3rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem .5rem 0;
  border-bottom: 1px solid var(--line); }
td:first-child, td:nth-child(4) { overflow-wrap: anywhere; min-width: 9rem; }
th { font: 700 .8rem/1.2 ui-sans-serif, system-ui, sans-serif; color: var(--quiet); }
time, .quiet { color: var(--quiet); font-size: .9rem; }
.wide { overflow-x: auto; }
.failing { color: var(--bad); }
a { color: inherit; }
"""


def page(
    feeds: Sequence[Source], folders: Sequence[Source], *, kept: bool, trouble: str = ""
) -> str:
    """The page.

    Args:
        feeds: The feeds that are followed.
        folders: The folders that are watched.
        kept: Whether the feeds are updated while this is served.
        trouble: What keeps them from that.
    """
    note = "Updated in the background." if kept else "Updated by: onrecord feeds update"
    if trouble:
        note = f"Not updated at the moment: {trouble}"
    head = "Watched folders"
    watched = f"<h2>{head}</h2>{_table(folders, head)}" if folders else ""
    empty = '<p class="quiet">None yet; follow one with: onrecord feeds add URL</p>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Sources</title><style>{_STYLE}</style></head><body>"
        f'<p><a href="/">On Record</a></p><h1>Sources</h1><h2>Feeds</h2>'
        f'<p class="quiet">{escape(note)}</p>'
        f"{_table(feeds, 'Feeds') if feeds else empty}{watched}</body></html>"
    )


def _table(sources: Sequence[Source], label: str) -> str:
    names = ("Source", "State", "Last success", "Last error", "Next try")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(map(_row, sources))
    return (
        f'<div class="wide"><table aria-label="{label}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(source: Source) -> str:
    shown = escape(source.url)
    if source.url.startswith(("http://", "https://")):
        shown = f'<a href="{shown}" rel="noopener noreferrer nofollow">{shown}</a>'
    title = f"{escape(source.title)}<br>" if source.title else ""
    error = escape(source.last_error)
    if error:
        error = f"{error}<br><time>{moment(source.last_error_at)}</time>"
    return (
        f'<tr><td>{title}<span class="quiet">{shown}</span></td>'
        f'<td class="{state(source)}">{state(source)}</td>'
        f"<td><time>{moment(source.last_success)}</time></td><td>{error}</td>"
        f"<td><time>{moment(source.next_try)}</time></td></tr>"
    )

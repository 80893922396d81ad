"""E-mail newsletters (`.eml`): one letter is one article, its stories under their headings."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from corpus.article import Article
from corpus.clean import clean
from corpus.dates import parse_date
from corpus.encoding import decode
from corpus.furniture import without_furniture
from corpus.tree import drop, parsed

_MOST_PARTS = 200
_HEADERS = ("Subject", "From", "Date")
_LONGEST_HEADER = 1000  # characters
_SHORTEST = 100  # characters: a shorter part says "your program cannot show this letter"
_BLOCKS = frozenset(
    "address article aside blockquote br center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr "
    "li main ol p pre section table tbody td th tr ul".split()
)
# What a letter says about itself.
_ABOUT = re.compile(
    r"""(?ix)
    .{0,80}\b(?:unsubscribe|manage\ (?:your\ )?(?:e-?mail\ )?(?:preferences|subscriptions?)
      |update\ (?:your\ )?preferences|abmelden|abbestellen|se\ désabonner|darse\ de\ baja
      |cancelar\ (?:la\ )?suscripción)\b.{0,120}
    | .{0,30}\b(?:view|open|read|see)\b.{0,30}\bin\ (?:your\ |a\ |the\ )?(?:web\ )?browser\b.{0,20}
    | .{0,30}\bim\ browser\ (?:ansehen|öffnen|anzeigen)\b.{0,20}
    | (?:you\ (?:are\ )?receiv(?:ed|ing)|you\ got|this\ (?:e-?mail|message|newsletter)\ was\ sent)
      \b.{0,200}
    | was\ this\ (?:e-?mail|newsletter)\ forwarded\ to\ you.{0,120}
    | privacy\ policy | terms\ of\ (?:use|service) | advertisement | https?://\S+
    | (?:forward|share)\ (?:this|to\ a\ friend).{0,40}
    """
)


def read_letter(data: bytes, source: str) -> Article:
    """The article of one e-mail: its subject is the headline, its sender the outlet.

    Raises:
        ValueError: it is no e-mail, or holds no text.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        subject, sender, sent = (str(message.get(key) or "")[:_LONGEST_HEADER] for key in _HEADERS)
        url = str(message.get("Archived-At") or "").strip("<> \t")
        text = _text(message)
    except ValueError:
        raise
    except Exception as error:  # the parser of headers knows no bounds to what it raises
        raise ValueError(f"unreadable e-mail ({type(error).__name__})") from error
    if not message.keys() or not (subject or sender):
        raise ValueError("no e-mail: it has neither a subject nor a sender")
    found = clean(text, title=" ".join(subject.split()))
    lines = [line for line in found.paragraphs if not _ABOUT.fullmatch(line)]
    kept = without_furniture(lines, [found.title])
    if not kept:
        raise ValueError("no article text in this e-mail")
    return Article.create(
        title=found.title,
        body="\n\n".join(kept),
        outlet=_sender(sender) or found.outlet,
        authors=found.authors,
        published=parse_date(re.sub(r"\s*\([^)]*\)\s*$", "", sent)) or found.published,
        url=url if url.startswith(("http://", "https://")) else "",
        source=source,
        references=found.references,
    )


def _text(message: EmailMessage) -> str:
    """The letter's text: of its HTML part where that says something, else of its plain one."""
    parts: dict[str, list[str]] = {"text/html": [], "text/plain": []}
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            break
        kind = part.get_content_type()
        if kind in parts and not part.get_filename():
            parts[kind].append(_content(part))
    # A picture in its midst takes a letter apart.
    html, plain = "\n".join(map(flattened, parts["text/html"])), "\n\n".join(parts["text/plain"])
    return html if len(html) >= _SHORTEST or not plain else plain


def _content(part: Any) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError, TypeError):  # an unknown charset, or a wrong one
        return decode(part.get_payload(decode=True) or b"")


def flattened(html: str) -> str:
    """All text of an HTML letter, a block a line: letters are laid out with tables."""
    if not html.strip():
        return ""
    tree = parsed(html)
    if tree is None:
        return ""
    for element in list(tree.iter()):
        hidden = "display:none" in (element.get("style") or "").replace(" ", "").lower()
        if hidden or element.tag in ("script", "style", "head", "title", "noscript"):
            drop(element)
    parts: list[str] = []
    _flatten(tree, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _flatten(root: Any, parts: list[str]) -> None:
    """Without recursion: letters nest tables deeper than a call stack should go."""
    pending: list[tuple[Any, bool]] = [(root, False)]
    while pending:
        element, closing = pending.pop()
        block = "\n" if element.tag in _BLOCKS else ""
        if closing:
            parts += [block, _spaced(element.tail)]
            continue
        parts.append(block)
        if isinstance(element.tag, str):
            parts.append(_spaced(element.text))
            pending.append((element, True))
            pending += [(child, False) for child in reversed(element)]
        else:
            parts.append(_spaced(element.tail))  # a comment


def _spaced(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")


def _sender(sender: str) -> str:
    """The name of a sender, or the host of the address where there is none."""
    match = re.match(r'\s*"?([^"<@]*?)"?\s*(?:<[^>]*@([^>]+)>)?\s*$', sender)
    if not match:
        return sender.rpartition("@")[2].strip("<> ")
    return match.group(1).strip() or (match.group(2) or "").strip()

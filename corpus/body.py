"""What a server sends: its status in words, and its body, decompressed within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from corpus.charset import to_text
from corpus.errors import OnRecordError

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 303, 307, 308)
_TEMPORARY = (408, 425, 429, 500, 502, 503, 504)
_MEANING = {
    401: "it asks for a login", 402: "it asks for payment", 403: "it does not let us in",
    404: "there is nothing at this address", 410: "it is gone for good",
    429: "too many requests", 451: "it is withheld for legal reasons",
}  # fmt: skip
_LONGEST = 500
_PIECE = 1 << 16
_GZIP_OR_ZLIB, _RAW = 47, -15
_NO_ARTICLE = ("image/", "video/", "audio/", "font/", "application/zip", "application/gzip")


class FetchError(OnRecordError):
    """Something that could not be had. The text is one line without the address."""

    def __init__(
        self,
        text: str,
        *,
        again: bool = False,
        status: int = 0,
        wait: float | None = None,
        resting: bool = False,
    ) -> None:
        """Remember what the text alone does not say.

        Args:
            text: What happened.
            again: Whether it may go better later.
            status: The server's, 0 where there was none.
            wait: Seconds after which the server wants to be asked again.
            resting: Whether it was not asked at all, because it is left alone for now.
        """
        super().__init__("".join(c if c.isprintable() else "?" for c in text))  # a server's words
        self.again = again
        self.status = status
        self.wait = wait
        self.resting = resting


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent."""

    url: str
    """The address it came from in the end."""
    data: bytes = b""
    """The body, decompressed; empty where nothing changed."""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    """Whether the server said that it is what it was."""

    @property
    def text(self) -> str:
        """The body as text, whatever the charset it is in."""
        return to_text(self.data, self.content_type)


def take(response: httpx.Response, url: str, max_bytes: int) -> Fetched | str:
    """What one answer holds; where it only says that the thing is elsewhere, that address.

    Raises:
        FetchError: it is an error, too large, broken, or nothing with text in it.
    """
    status, head = response.status_code, response.headers
    if status == 304:
        return Fetched(url, unchanged=True)
    if status in _REDIRECTS and "location" in head:
        return str(head["location"])
    if not 200 <= status < 300:
        raise _refused(status, head.get("retry-after", ""))
    kind = head.get("content-type", "").strip().casefold()
    if kind.startswith(_NO_ARTICLE):
        raise FetchError(f"it is {kind.split(';')[0]}, which holds no article", status=status)
    data = _body(response, max_bytes)
    if not data.strip():
        raise FetchError("an empty answer", again=True, status=status)
    etag, changed = head.get("etag", "")[:_LONGEST], head.get("last-modified", "")[:_LONGEST]
    return Fetched(url, data, head.get("content-type", ""), _line(etag), _line(changed))


def _line(text: str) -> str:
    """A header that can be sent back: what else is in it was never one."""
    return text if text.isascii() and text.isprintable() else ""


def _refused(status: int, retry_after: str) -> FetchError:
    again = status in _TEMPORARY
    meaning = _MEANING.get(status, "the server is in trouble" if status >= 500 else "")
    text = f"the server answers {status}" + (f": {meaning}" if meaning else "")
    wait = _seconds(retry_after) if again else None
    return FetchError(text, again=again, status=status, wait=wait)


def _seconds(retry_after: str) -> float | None:
    """A Retry-After header, in seconds or as a date; None where it says nothing sensible."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    """The body, decompressed piece by piece, so that a bomb is noticed before it has gone off."""
    packed = response.headers.get("content-encoding", "").strip().casefold()
    if packed in ("", "identity"):
        pieces = response.iter_raw()
    elif packed in ("gzip", "x-gzip", "deflate"):
        pieces = _unpacked(response.iter_raw())
    else:
        raise FetchError(f"it is packed as {packed[:40]!r}, which was not asked for", status=200)
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if max(len(whole), response.num_bytes_downloaded) > max_bytes:
            raise FetchError(f"larger than {max_bytes / 1e6:g} MB", status=200)
    return bytes(whole)


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip, zlib, and the bare deflate that some servers mean by "deflate"."""
    unpack, begun, whole = zlib.decompressobj(_GZIP_OR_ZLIB), False, False
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpack.eof:  # several parts in a row are allowed
                unpack, whole = zlib.decompressobj(_GZIP_OR_ZLIB), True
            try:
                piece = unpack.decompress(rest, _PIECE)
            except zlib.error:
                if whole:  # rubbish after the end, which is common
                    return
                if begun:
                    raise FetchError(
                        "its compressed body is damaged", again=True, status=200
                    ) from None
                unpack, begun = zlib.decompressobj(_RAW), True
                continue
            begun = True
            yield piece
            rest = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    while not (unpack.eof or whole):
        piece = unpack.decompress(unpack.unconsumed_tail, _PIECE)
        if not piece:
            raise FetchError("its compressed body breaks off", again=True, status=200)
        yield piece

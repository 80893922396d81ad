"""Bytes to text: UTF-8, UTF-16/32 with a byte order mark, else Windows-1252."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
AS_WINDOWS = "windows-1252 bytes"
"""An error handler: bytes that are not of the encoding are read as Windows-1252's."""
codecs.register_error(
    AS_WINDOWS,
    lambda error: (
        (error.object[error.start : error.end].decode("windows-1252", "replace"), error.end)
        if isinstance(error, UnicodeDecodeError)
        else ("?", error.end)  # type: ignore[attr-defined]
    ),
)
_CONTROLS_IN_TEXT = frozenset("\t\n\r\f\v")
_MOST_CONTROLS = 0.01


def decode(data: bytes) -> str:
    """Decode an article's bytes.

    Windows-1252 is the fallback because it is what old newsroom exports are in; it can read
    almost anything, so text with control characters is taken for what it is: not text.

    Raises:
        ValueError: the bytes are not text.
    """
    return _told(data, whole=True)[1]


def encoding_of(beginning: bytes) -> str:
    """What a file is encoded in, told from its beginning, which may end within a character.

    Raises:
        ValueError: the bytes are not text.
    """
    return _told(beginning, whole=False)[0]


def _told(data: bytes, *, whole: bool) -> tuple[str, str]:
    marked = [name for mark, name in _MARKS if data.startswith(mark)][:1]
    for encoding in marked or ["utf-8", "windows-1252"]:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data, final=whole)
        except UnicodeDecodeError:
            continue
        controls = sum(1 for c in text if c < " " and c not in _CONTROLS_IN_TEXT)
        if "\0" in text or controls > _MOST_CONTROLS * len(text):
            break
        return encoding, text
    raise ValueError("not text (binary data)")

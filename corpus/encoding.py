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
_CONTROLS_IN_TEXT = frozenset("\t\n\r\f\v")
_MOST_CONTROLS = 0.01


def decode(data: bytes) -> str:
    """Decode an article's bytes.

    Windows-1252 is the fallback because it is what old newsroom exports are in; it can read
    almost anything, so text with control characters is taken for what it is: not text.

    Raises:
        ValueError: the bytes are not text.
    """
    text = _decode(data)
    controls = sum(1 for c in text if c < " " and c not in _CONTROLS_IN_TEXT)
    if "\0" in text or controls > _MOST_CONTROLS * len(text):
        raise ValueError("not text (binary data)")
    return text


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding:
        return _strict(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "windows-1252")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("not text (binary data)") from None

"""What a web server sends, to text: charsets that are named wrongly, or not at all."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 4096
_INSIDE = re.compile(
    rb"""(?:<\?xml[^>]{0,200}encoding|charset)\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})"""
)
_NAMED = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""", re.I)
# What old and new pages are in; browsers read the narrower of two related sets as the wider.
# No other codec of Python's is used by name: some of them take time squared in the input.
_KNOWN = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-11": "cp874",
} | {
    name: name
    for name in (
        "utf-8 utf-16-le utf-16-be cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
        "cp866 cp874 cp932 cp949 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 "
        "iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman "
        "gb18030 big5 big5hkscs euc_jp iso2022_jp"
    ).split()
}  # fmt: skip
_FEW = 0.001


def to_text(data: bytes, content_type: str = "") -> str:
    """Decode a page or a feed; never fails, since half a page is better than none.

    A byte order mark decides; then whether it is UTF-8, which text in another charset hardly
    ever is by chance, whatever the names say; then the name in the header, the name inside,
    and last Windows-1252.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    names = _names(data, content_type)
    if "iso2022_jp" in names and b"\x1b" in data:  # in seven bits, so it passes for UTF-8
        return data.decode("iso2022_jp", "replace")
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    return _by_name(data, names)


def _by_name(data: bytes, names: list[str]) -> str:
    text = data.decode("utf-8", "replace")
    # A page cut in mid-character, or with one stray byte, is UTF-8 all the same.
    if text.count("\ufffd") <= (1 + _FEW * len(data) if "utf-8" in names else 0):
        return text
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    other = next((name for name in names if name != "utf-8"), "cp1252")
    return data.decode(other, "replace")


def _names(data: bytes, content_type: str) -> list[str]:
    """The charsets that are claimed, the header's first."""
    found = [*_NAMED.findall(content_type)[:1]]
    found += [name.decode("ascii", "replace") for name in _INSIDE.findall(data[:_HEAD])[:1]]
    return [known for name in found if (known := _known(name))]


def _known(name: str) -> str:
    try:
        return _KNOWN.get(codecs.lookup(name).name, "")
    except (LookupError, ValueError):
        return ""

"""What the loaders of files are fuzzed with: a reader, small good inputs, and telling tokens each.

`FILE_LOADERS` is a table for `evals.fuzz`. The readers are the bare ones, without the guard that
`corpus.load` puts around them: anything but a `ValueError` counts as a crash.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from corpus.encoding import decode
from corpus.letter import read_letter
from corpus.load import read_text
from corpus.markdown import read_markdown
from corpus.office import read_docx, read_odt
from corpus.page import read_html
from corpus.pdf import read_pdf
from corpus.records import read_csv, read_json, read_jsonl

Read = Callable[[bytes], object]
Parts = tuple[Read, tuple[bytes, ...], tuple[bytes, ...]]

_STORY = (
    "The dam above Orra held on Tuesday night, engineers of the water office said, after the "
    "river had risen by four metres within a day. The town had asked 1,200 people to leave."
)
_TEXT = (
    f"Dam holds\n\nBy Anna Berg | February 5, 2025 1:45 PM\n\nPARIS (Agency) - {_STORY}\n\n"
    "• One\n\nCorrection, Feb. 6: It was Monday.\n\nSources:\n\n  1. One report\n  2. Another\n\n"
    "Leave a Reply\n"
).encode()
_MARKDOWN = (
    f"---\ntitle: Dam holds\ndate: 2025-02-05\nauthors: [A, B]\nurl: https://orra.example/1\n---\n"
    f"# Dam\n\n{_STORY} [a](b) *c* `d`\n\n> quote\n\n- one\n\n```\ncode\n```\n"
).encode()
_PAGE = (
    '<!doctype html><html lang="en"><head><title>Dam holds | Orra Post</title>'
    '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Dam", '
    '"datePublished": "2025-02-05T10:00:00Z", "author": {"@id": "#a"}, "articleBody": "The dam"},'
    '{"@id": "#a", "name": "Anna Berg"}]}</script><meta property="og:title" content="Dam holds">'
    '<meta name="description" content="The dam above Orra held on Tuesday night, engineers of the '
    'water office said"></head><body><h1>Dam holds</h1><div class="byline">By Anna Berg</div>'
    '<time datetime="2025-02-05T10:00:00Z">1 day ago</time><article><p>READ MORE: <a href="/x">A '
    f"headline of another story here</a></p><p>{_STORY}</p><p>{_STORY} Again.</p><ul><li>One</li>"
    '</ul><span class="tooltip">x<span class="tooltip-box">y</span></span><table><tr><td>1</td>'
    "</tr></table></article></body></html>"
).encode()
_JSON = (
    (
        '{"articles": [{"headline": "Dam", "content": "STORY", "date": "2025-02-05", "author": '
        '{"name": ["A"]}, "source": {"name": "Orra"}, "link": "http://o.example/1"}]}'
    )
    .replace("STORY", _STORY)
    .encode()
)
_LINES = f'{{"title": "Dam", "body": "{_STORY}"}}\n{{"title": 3, "text": ["a", "b"]}}\n'.encode()
_CSV = f'title;body;date\n"Dam; holds";"{_STORY}\nsecond ""line""";2025-02-05\nx;y;z\n'.encode()
_LETTER = (
    "Subject: =?utf-8?q?Dam_h=C3=A4lt?=\nFrom: \"Orra\" <a@orra.example>\nDate: Wed, 05 Feb 2025 "
    "06:30:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=B\n\n--B\n"
    f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nVGhlIGRhbQ==\n"
    f"--B\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: "
    f"quoted-printable\n\n<h1>Dam</h1><table><tr><td><p>{_STORY}=E4</table>\n--B--\n"
).encode()  # fmt: skip


def _pdf() -> bytes:
    """A PDF of two pages in two columns."""
    left, right = (
        "".join(f"({word} and more words {n}) Tj 0 -14 Td " for n in range(9))
        for word in ("left", "right")
    )
    stream = f"BT /F1 12 Tf 50 700 Td {left}ET BT /F1 12 Tf 320 700 Td {right}ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for n, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{n} 0 obj{content}endobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 6\n0000000000 65535 f \n{table}{end}".encode()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WORD = (
    f'<w:document {_W}><w:body><w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Dam</w:t>'
    f"</w:r></w:p><w:p><w:r><w:t>{_STORY}</w:t><w:tab/><w:br/></w:r></w:p></w:body></w:document>"
).encode()
_T = (
    'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODF = (
    f"<o:document-content {_T}><o:body><o:text><t:h>Dam</t:h><t:p>{_STORY}<t:s/><t:span>x</t:span>"
    "<t:note><t:p>n</t:p></t:note></t:p></o:text></o:body></o:document-content>"
).encode()


def _packed(name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, part)
    return out.getvalue()


_MARKS = (b"<p>", b"</p>", b"<div>", b"</div>", b"<table>", b"<a href='x'>", b"<!--", b"<script>",
          b"&#0;", b"&nbsp;", b"<![CDATA[", b"\0", b"\xff", b"\xed\xa0\x80")  # fmt: skip
_XML = (b"<!DOCTYPE x [<!ENTITY a '&b;&b;'>]>", b"&a;", b"<w:p>", b"<t:p>", b"<t:span>", b"</",
        b"/>", b"<w:t>", b"\0", b"PK\x03\x04")  # fmt: skip
_JSONS = (b"[", b"{", b"1e999", b"\\ud800", b"null", b'"', b"[[[[[[[[", b'"title":')

FILE_LOADERS: dict[str, Parts] = {
    "text": (lambda d: read_text(decode(d), "-"), (_TEXT,),
             (b"Sources:\n", b"By A B\n", b"(", b" \\ ", b"Correction: ", b"| 2025-02-05", b"--")),
    "markdown": (lambda d: read_markdown(decode(d), "-"), (_MARKDOWN, _TEXT),
                 (b"---\n", b"!!int ''", b"[", b"](", b"*", b"`", b"> ", b"- ", b"&a *a", b"\t")),
    "html": (lambda d: read_html(d, "-"), (_PAGE,), _MARKS + _JSONS),
    "pdf": (lambda d: read_pdf(d, "-"), (_pdf(),),
            (b"endobj", b"stream", b"<<", b"[", b"0 R", b"/Filter/FlateDecode", b"/Length 9999999",
             b"Tj", b"-1", b"999999999", b"/Kids[2 0 R]", b"BT", b"1e9")),
    "json": (lambda d: list(read_json(decode(d), "-")), (_JSON,), _JSONS),
    "jsonl": (lambda d: list(read_jsonl(io.StringIO(decode(d)), "-")), (_LINES,),
              (*_JSONS, b"\n")),
    "csv": (lambda d: list(read_csv(io.StringIO(decode(d)), "-")), (_CSV,),
            (b'"', b";", b",", b"\t", b"\n", b"\r", b'""', b"\0")),
    "eml": (lambda d: read_letter(d, "-"), (_LETTER,),
            (b"--B\n", b"=?utf-8?b?", b"?=", b"Content-Type: message/rfc822\n", b"charset=",
             b"base64", b"\n\n", b"<td>", b"boundary=", b"From: ", b"\0", b"\xff", b";")),
    "docx": (lambda d: read_docx(d, "-"), (_packed("word/document.xml", _WORD),), _XML),
    "docx part": (lambda d: read_docx(_packed("word/document.xml", d), "-"), (_WORD,), _XML),
    "odt": (lambda d: read_odt(d, "-"), (_packed("content.xml", _ODF),), _XML),
    "odt part": (lambda d: read_odt(_packed("content.xml", d), "-"), (_ODF,), _XML),
}  # fmt: skip
"""By name: (reads bytes, small good inputs, tokens)."""

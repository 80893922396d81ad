"""E-mail newsletters, Word and OpenDocument: the text in order, what stands around it left out."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from corpus_pages import STORY

from corpus import Article, Skipped, load
from corpus.letter import read_letter
from corpus.office import read_docx, read_odt


def letter(html: str = "", plain: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Der Damm hält – und mehr"
    message["From"] = '"Orra Post, am Morgen" <brief@orra.example>'
    message["Date"] = "Wed, 05 Feb 2025 06:30:00 +0100 (CET)"
    message.set_content(plain or "Your program cannot show this letter.")
    if html:
        message.add_alternative(html, subtype="html")
    return message


HTML = (
    "<html><head><title>x</title><style>p{color:red}</style></head><body>"
    '<div style="display: none">Inside: the dam, the ferry</div>'
    "<p><a href='https://l.example/1'>View this letter in your browser</a></p>"
    f"<table><tr><td><h2>Dam holds</h2><p>{STORY[0]}</p><p>{STORY[1]}</p></td></tr>"
    f"<tr><td><h2>Town pays</h2><p>{STORY[2]}<br>{STORY[3]}</p></td></tr></table>"
    "<p>You are receiving this because you signed up.</p><p><a href='#'>Unsubscribe</a></p>"
    "</body></html>"
)


def test_a_letter_is_one_article_with_its_headings() -> None:
    message = letter(HTML)
    message.add_attachment("Buy!", filename="offer.txt")
    found = read_letter(bytes(message), "a.eml")
    assert found.title == "Der Damm hält – und mehr"
    assert found.outlet == "Orra Post, am Morgen"
    assert found.published and found.published.isoformat() == "2025-02-05T06:30:00+01:00"
    assert found.body.split("\n\n") == ["Dam holds", *STORY[:2], "Town pays", *STORY[2:]]


def test_a_letter_in_plain_text() -> None:
    found = read_letter(bytes(letter(plain="\n\n".join(STORY))), "a.eml")
    assert found.body.split("\n\n") == list(STORY)


def test_a_letter_with_a_picture_in_its_midst_is_read_to_its_end() -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "Dam holds", "Orra Post <brief@orra.example>"
    message.set_content("\n\n".join(STORY[:2]))
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", disposition="inline")
    message.add_attachment("\n\n".join(STORY[2:]), disposition="inline")
    assert read_letter(bytes(message), "a.eml").body.split("\n\n") == list(STORY)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "no-such-charset"])
def test_charsets_of_letters(charset: str) -> None:
    encoding = "utf-8" if charset.startswith("no") else charset
    text = "Der Fluß stieg über Nacht um vier Meter, sagte die Bürgermeisterin von Orra am Morgen."
    data = (
        f"Subject: Damm\nFrom: a@orra.example\nContent-Type: text/plain; charset={charset}\n"
        f"Content-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode(encoding)
    found = read_letter(data, "a.eml")
    assert (found.body, found.outlet) == (text, "orra.example")


@pytest.mark.parametrize("data", [b"", b"\0" * 50, b"no header here", b"Subject: x\n\n"])
def test_what_is_no_letter_is_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.eml").write_bytes(data)
    (found,) = load([tmp_path / "a.eml"])
    assert isinstance(found, Skipped) and "\n" not in found.reason


def word() -> bytes:
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Orra Post, confidential"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.core_properties.author = "Anna Berg"
    document.add_heading("Dam holds as river rises", 0)
    for text in STORY[:3]:
        document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Damaged houses in Orra", "13 in all"
    split = document.add_paragraph(STORY[3][:20])
    split.add_run(STORY[3][20:]).bold = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_text_box_and_moved_text_stand_once() -> None:
    import docx
    from lxml import etree

    document = docx.Document()
    names = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    box = "<w:p><w:r><w:t>Pull quote.</w:t></w:r></w:p>"
    content = f"<w:txbxContent>{box}</w:txbxContent>"
    moved = "<w:r><w:t>It was moved.</w:t></w:r>"
    for xml in (
        f"<w:p {names}><w:r>{content}</w:r><w:r><w:t>The dam held.</w:t></w:r></w:p>",
        f"<w:p {names}><w:moveFrom>{moved}</w:moveFrom></w:p>",
        f"<w:p {names}><w:r><w:t>It rained all day.</w:t></w:r></w:p>",
        f"<w:p {names}><w:moveTo>{moved}</w:moveTo></w:p>",
    ):
        document.element.body.insert(-1, etree.fromstring(xml))
    out = io.BytesIO()
    document.save(out)
    body = read_docx(out.getvalue(), "a.docx").body
    assert sorted(body.split("\n\n")) == [
        "It rained all day.", "It was moved.", "Pull quote.", "The dam held."
    ]  # fmt: skip


def test_word(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word())
    (found,) = load([tmp_path / "a.docx"])
    assert isinstance(found, Article)
    assert (found.title, found.authors) == ("Dam holds as river rises", ("Anna Berg",))
    assert found.body.split("\n\n") == [
        *STORY[:3], "Damaged houses in Orra", "13 in all", STORY[3]
    ]  # fmt: skip


def opendocument(body: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        )
        package.writestr("styles.xml", f"<x {names}><text:p>Orra Post, confidential</text:p></x>")
    return out.getvalue()


def test_opendocument(tmp_path: Path) -> None:
    struck = "<text:tracked-changes><text:p>Struck out.</text:p></text:tracked-changes>"
    paragraphs = "".join(f"<text:p>{text}</text:p>" for text in STORY[1:])
    note = "<text:note><text:p>A note.</text:p></text:note>"
    first = STORY[0].replace("Orra held", "Orra<text:s/>held")
    remark = "<office:annotation><text:p>Is it?</text:p></office:annotation>"
    picture = "<svg:title>Stock photo</svg:title><svg:desc>of a dam</svg:desc>"
    first = first.replace("engineers", f"<text:span>engineers</text:span>{note}{remark}{picture}")
    heading = "<text:h>Dam holds as river rises</text:h>"
    (tmp_path / "a.odt").write_bytes(
        opendocument(f"{struck}{heading}<text:p>{first}</text:p>{paragraphs}")
    )
    (found,) = load([tmp_path / "a.odt"])
    assert isinstance(found, Article)
    assert found.title == "Dam holds as river rises"
    assert found.body.split("\n\n") == list(STORY)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]><x>&j;</x>"  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 junk", b"\xd0\xcf\x11\xe0 old", word()[:2000], opendocument("<text:p>"),
     opendocument("")],
)  # fmt: skip
@pytest.mark.parametrize("read", [read_docx, read_odt])
def test_damaged_documents_are_value_errors(data: bytes, read: object) -> None:
    with pytest.raises(ValueError, match="document"):
        read(data, "a")  # type: ignore[operator]


def test_documents_that_unpack_to_anything_are_refused() -> None:
    for text in ("<a>" + " " * 60_000_000 + "</a>", BOMB):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("content.xml", text)
        with pytest.raises(ValueError, match="document"):
            read_odt(out.getvalue(), "a")

"""PDF: columns, hyphens, running heads and page numbers, in files made by another program."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_pages import STORY

from corpus import Article, load
from corpus.pdf import joined, read_pdf, without_running_heads

MORE = (
    "The harbour master counted nine boats that had torn loose in the night. Two of them lay on "
    "the stones below the mill when the sun rose, their masts broken.",
    "Schools stay closed until Friday. The ferry to Lindqvist runs again, though only once every "
    "two hours and without cars, its owner said on the radio.",
    "Insurers put the damage in the valley at 40 million crowns. Most of it is in cellars, shops "
    "and the two halls of the furniture works behind the station.",
)


def printed(pages: list[list[str]], columns: int = 1, interleaved: bool = False) -> bytes:
    """A newspaper page a list of paragraphs, with a headline; many have running heads."""
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format=(612, 792))
    pdf.set_font("Times", size=10)
    pdf.set_auto_page_break(False)
    width = (512 - 24 * (columns - 1)) / columns
    for number, paragraphs in enumerate(pages, 1):
        pdf.add_page()
        if len(pages) > 1:
            pdf.text(50, 40, f"Orra Post, Wednesday {number}")
            pdf.text(300, 770, f"Page {number} of {len(pages)}")
        if number == 1:
            pdf.set_font_size(22)
            pdf.text(50, 80, "Dam holds as river rises")
            pdf.set_font_size(10)
        lines = [line for text in paragraphs for line in wrapped(pdf, text, width)]
        rows = -(-len(lines) // columns)
        places = [(n // rows, n % rows, line) for n, line in enumerate(lines)]
        if interleaved:
            places.sort(key=lambda place: (place[1], place[0]))
        for column, row, line in places:
            pdf.text(50 + column * (width + 24), 110 + 13 * row, line)
    return bytes(pdf.output())


def wrapped(pdf: object, text: str, width: float) -> list[str]:
    plain = text.replace("“", '"').replace("”", '"').replace("’", "'")
    found = pdf.multi_cell(width, 13, plain, dry_run=True, output="LINES", align="L")  # type: ignore[attr-defined]
    return [line.strip() for line in found]


def plain(texts: tuple[str, ...]) -> list[str]:
    return [t.replace("“", '"').replace("”", '"') for t in texts]


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("interleaved", [False, True])
def test_columns_are_read_one_after_the_other(columns: int, interleaved: bool) -> None:
    article = read_pdf(printed([[*STORY, *MORE]], columns, interleaved), "a.pdf")
    body = " ".join(article.body.split())
    assert article.title == "Dam holds as river rises"
    assert [body.count(text) for text in plain((*STORY, *MORE))] == [1] * 7
    places = [body.index(text) for text in plain((*STORY, *MORE))]
    assert places == sorted(places)


def test_heads_feet_and_page_numbers_are_not_in_the_body_but_pages_are_known() -> None:
    article = read_pdf(printed([[*STORY[:2]], [*STORY[2:]], [*MORE]], 2, True), "a.pdf")
    assert "Orra Post" not in article.body and "Page" not in article.body
    assert len(article.pages) == 3
    for text, number in ((STORY[0], 1), (STORY[3], 2), (MORE[1], 3)):
        assert article.page_at(article.body.index(text[:40])) == number
    assert article.page_at(0) == 1


def test_words_hyphenated_at_line_ends_are_whole_again() -> None:
    pages = [
        "The com-\nmittee met the well-known mayor.",
        "A well-\nknown man, he under-",
        "stood it.",
    ]
    assert joined(pages).replace("\ue0002\ue001", "").replace("\ue0003\ue001", "") == (
        "The committee met the well-known mayor.\n\nA well-known man, he understood it."
    )


def test_a_line_that_only_one_page_has_is_no_running_head() -> None:
    pages = [
        "Orra Post 1\nThe dam held.\nSo it did.\n1",
        "Orra Post 2\nSchools are shut.\nStill.\n2",
    ]
    assert without_running_heads(pages) == [
        "The dam held.\nSo it did.",
        "Schools are shut.\nStill.",
    ]
    assert without_running_heads(["1984\nA book about a year."]) == ["1984\nA book about a year."]


def test_a_table_is_not_taken_for_columns(tmp_path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    for n in range(3):
        pdf.text(50, 100 + 13 * n, f"Village {n}")
        pdf.text(300, 100 + 13 * n, f"{n}3 houses")
    file = tmp_path / "a.pdf"
    file.write_bytes(bytes(pdf.output()))
    (article,) = load([file])
    assert isinstance(article, Article)
    assert "Village 1" in article.body


def test_a_citation_says_the_page(tmp_path: Path) -> None:
    from qa import Engine, show
    from qa.web import render

    file = tmp_path / "a.pdf"
    file.write_bytes(printed([[*STORY], [*MORE]]))
    with Engine.open(tmp_path / "data", samples=False) as engine:
        engine.ingest([file])
        answer = engine.ask("At how much do insurers put the damage in the valley?")
    citation = (*answer.citations, *answer.nearest)[0]
    assert citation.page == 2
    assert "page 2" in render.sources(answer, 1) and "page 2" in show._place(citation)

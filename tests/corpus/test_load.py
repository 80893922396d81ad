"""Loading: every format is read right, every bad source is one line and the rest goes on."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus import Article, Skipped, load
from corpus.records import FIELDS, article_from_record
from index import Archive

TEXT = "Zoë’s café opens – at last\n\nThe café cost €1.2 million, “a bargain”, said Zoë."


def read(path: Path | str, **options: object) -> list[Article | Skipped]:
    return list(load([path], **options))  # type: ignore[arg-type]


def one(path: Path) -> Article:
    (found,) = read(path)
    assert isinstance(found, Article), found
    return found


def reason(path: Path | str, **options: object) -> str:
    (found,) = read(path, **options)
    assert isinstance(found, Skipped), found
    return found.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1252"])
def test_encodings_are_read_right(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(TEXT.encode(encoding))
    assert one(file).title == "Zoë’s café opens – at last"
    assert "€1.2 million, “a bargain”" in one(file).body


def test_html_gives_text_and_metadata(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    paragraphs = "".join(
        f"<p>The dam above Orra held on day {n}, engineers said.</p>" for n in range(9)
    )
    file.write_text(
        "<html><head><title>Dam holds | Orra Post</title>"
        '<meta property="og:site_name" content="Orra Post">'
        '<meta name="author" content="Mara Lindt">'
        '<meta property="article:published_time" content="2025-02-05T10:00:00Z"></head><body>'
        f"<nav>Home World Sport</nav><article><h1>Dam holds</h1>{paragraphs}</article>"
        "<footer>All rights reserved</footer></body></html>",
        encoding="utf-8",
    )
    article = one(file)
    assert article.title == "Dam holds"
    assert article.outlet == "Orra Post"
    assert article.authors == ("Mara Lindt",)
    assert article.published and article.published.date().isoformat() == "2025-02-05"
    assert "day 8" in article.body and "Sport" not in article.body


def test_markdown_with_front_matter(articles: Path) -> None:
    article = one(articles / "harvest.md")
    assert (article.title, article.outlet) == ("Apple harvest smallest in years", "Vale Gazette")
    assert article.url == "https://vale.example/harvest"
    assert article.published and article.published.year == 2024


def test_markdown_marks_are_not_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# Dam holds\n\nThe *dam* above [Orra](http://x.example)\nheld.\n")
    assert (one(file).title, one(file).body) == ("Dam holds", "The dam above Orra held.")


RECORD = {"headline": "Dam holds", "content": "The dam held on Tuesday.", "date": "2025-02-05",
          "source": {"name": "Orra Post"}, "author": "Mara Lindt and Jon Doe",
          "link": "https://orra.example/1"}  # fmt: skip


@pytest.mark.parametrize("form", ["json", "list", "object", "jsonl"])
def test_records(tmp_path: Path, form: str) -> None:
    file = tmp_path / ("a.jsonl" if form == "jsonl" else "a.json")
    data = {"list": [RECORD], "object": {"articles": [RECORD]}}.get(form, RECORD)
    file.write_text(json.dumps(data))
    article = one(file)
    assert (article.title, article.outlet) == ("Dam holds", "Orra Post")
    assert article.authors == ("Mara Lindt", "Jon Doe")
    assert article.url == "https://orra.example/1"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("By ANNA BERG, Staff Writer", ("Anna Berg",)),
        ("Jane Doe & John Roe", ("Jane Doe", "John Roe")),
        ("Jon Doe, Jr.", ("Jon Doe",)),
        (["By Jane Doe", {"name": "John Roe"}], ("Jane Doe", "John Roe")),
        ("['Jane Doe', 'John Roe']", ("Jane Doe", "John Roe")),
        ("[]", ()),
        ("[Jane", ("[Jane",)),
        ("jane doe", ("Jane Doe",)),
        ("Orra Post", ()),
    ],
)
def test_authors_of_records(author: object, names: tuple[str, ...]) -> None:
    record = {"text": "It held.", "outlet": "Orra Post", "author": author}
    assert article_from_record(record, "a.json").authors == names


def test_records_and_front_matter_tell_more_about_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps(RECORD | {"dateModified": "2025-02-06T10:00:00+01:00", "section": "Region"})
    )
    (tmp_path / "b.md").write_text(
        "---\ntitle: Dam\nupdated: 2025-02-06 10:00:00 +01:00\nsection: Region\n---\n\nIt held."
    )
    for name in ("a.json", "b.md"):
        article = one(tmp_path / name)
        assert article.section == "Region"
        assert article.updated and article.updated.day == 6


def test_the_columns_of_a_table_may_be_in_any_case(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "Title, Date ,AUTHOR,Publication,ARTICLEBODY\n"
        "Dam holds,2025-02-05,Mara Lindt,Orra Post,It held.\n"
    )
    article = one(file)
    assert (article.title, article.body, article.outlet) == ("Dam holds", "It held.", "Orra Post")
    assert article.authors == ("Mara Lindt",)
    assert article.published and article.published.day == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1252"])
def test_record_files_of_any_size_are_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    # More than is looked at to tell the encoding, which then ends somewhere in a character.
    rows = [f"Dam {n} holds,Zoë’s dam {n} held.\n" for n in range(45_000)]
    for count in (1, len(rows)):
        file.write_bytes("".join(["title,body\n", *rows[:count]]).encode(encoding))
        last = list(load([file]))[-1]
        assert isinstance(last, Article)
        assert last.body == f"Zoë’s dam {count - 1} held."


def test_a_byte_of_windows_1252_in_a_large_table_is_read_as_such(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = [f"Dam {n} holds,The dam number {n} held.\n" for n in range(40_000)]
    file.write_bytes("".join(["title,body\n", *rows, "Café,The Café “Zoë” held.\n"]).encode("1252"))
    last = list(load([file]))[-1]
    assert isinstance(last, Article) and last.body == "The Café “Zoë” held."


@pytest.mark.parametrize(
    ("name", "text", "bodies", "skipped"),
    [
        ("a.tsv", 'title\tbody\n"We won, he said\tIt held.\nTwo\tIt broke.\n',
         ["It held.", "It broke."], ""),
        ("b.tsv", 'title\tbody\n"One"\t"It ""held""."\n', ['It "held".'], ""),
        ("a.csv", 'title,body\nOne,"It held."\nTwo,"It broke.\nThree,It fell.\n',
         ["It held."], "#3: a quotation mark is not closed"),
        ("f.csv", 'title,body,url\nA,"It held,x\nB,"It broke.","y"\nC,It fell.,z\n',
         ["It fell."], "#2: a quotation mark is not closed: 2 lines are one row"),
        ("g.csv", "sep=;\ntitle;body\nOne;It held, all of it.\n", ["It held, all of it."], ""),
        ("h.csv", "\ntitle,body\nOne,It held.\n", ["It held."], ""),
        ("b.csv", "title,body\nOne,It held, and stood.\nTwo,It broke.\n",
         ["It broke."], "#2: more cells than the header has"),
        ("d.csv", "title,body\nOne,It held.,\nTwo,It broke.,\n", ["It held.", "It broke."], ""),
        ("e.csv", 'title,body\nA 5" pipe,It held.\n\nTwo,"It broke.\nAll day."\n',
         ["It held.", "It broke.\n\nAll day."], ""),
        ("c.json", '{"title": "1", "body": "It\u2028held."}\n{"title": "2", "body": "It broke."}\n',
         ["It\u2028held.", "It broke."], ""),
        ("c.csv", 'title,body\nOne,The 5" pipe held.\nTwo,It broke.\n',
         ['The 5" pipe held.', "It broke."], ""),
        ("a.json", '{"title": "One", "body": "It held."}\n{"title": "Two", "body": "It broke."}\n',
         ["It held.", "It broke."], ""),
        ("b.json", '{"title": "A &amp; B", "body": "<p>A &amp; B held.</p><p>It broke.</p>"}',
         ["A & B held.\n\nIt broke."], ""),
    ],
)  # fmt: skip
def test_records_are_read_as_they_are_meant(
    tmp_path: Path, name: str, text: str, bodies: list[str], skipped: str
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found = list(load([file]))
    assert [one.body for one in found if isinstance(one, Article)] == bodies
    lines = [f"{one.source}: {one.reason}" for one in found if isinstance(one, Skipped)]
    assert (skipped in lines[0]) if skipped else not lines


def test_what_the_system_refuses_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "there").symlink_to("/")
    found = list(load([tmp_path / ("x" * 300), tmp_path]))
    assert [one.reason for one in found if isinstance(one, Skipped)] == [
        "file name too long", "a link to a folder is not followed; name it itself",
    ]  # fmt: skip
    assert sum(isinstance(one, Article) for one in found) == 1


def test_csv_with_a_field_map(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('Head;Story\n"Dam; holds";"It held,\nall day."\nNo text;\n', encoding="utf-8")
    fields = dict(FIELDS) | {"title": ("Head",), "body": ("Story",)}
    found = list(load([file], fields=fields))
    assert isinstance(found[0], Article) and found[0].title == "Dam; holds"
    assert isinstance(found[1], Skipped) and found[1].source.endswith("#3")


def test_a_bad_line_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        f'{json.dumps(RECORD)}\n{{broken\n[1]\n{{"title": "no text"}}\n', encoding="utf-8"
    )
    found = list(load([file]))
    assert [type(item) for item in found] == [Article, Skipped, Skipped, Skipped]
    assert [item.source[-2:] for item in found] == ["#1", "#2", "#3", "#4"]


def pdf(text: str) -> bytes:
    """A PDF of one page, made by hand."""
    lines = "".join(f"({line}) Tj 0 -14 Td " for line in text.split("\n"))
    stream = f"BT /F1 12 Tf 50 700 Td {lines}ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
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
    start = f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n"
    return (body + start + f"{len(body)}\n%%EOF").encode()


def test_pdf(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(
        pdf("Dam holds as river rises\nThe dam above Orra held on Tues-\nday, engineers said.")
    )
    assert one(file).title == "Dam holds as river rises"
    assert one(file).body == "The dam above Orra held on Tuesday, engineers said."


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"   \n\n ", "empty"),
        ("a.txt", bytes(range(256)) * 9, "not text"),
        ("a.html", bytes(range(256)) * 9, "not text"),
        ("a.html", b"<html><body></body></html>", "no article text"),
        ("a.json", b"{broken", "not valid JSON"),
        ("a.json", b"3", "no records"),
        ("a.jsonl", b"", "empty"),
        ("a.csv", b"", "empty"),
        ("a.pdf", b"%PDF-1.4 junk", "unreadable PDF"),
        ("a.pdf", b"junk", "unreadable PDF"),
        ("a.pdf", pdf(""), "no text layer"),
        ("a.md", b"---\na: [\n---\ntext", "front matter"),
        ("a.docx", b"PK\x03\x04", "unreadable Word document"),
        ("a.odt", b"PK\x03\x04", "unreadable OpenDocument document"),
        ("a.eml", b"junk", "no e-mail"),
        ("a.xlsx", b"PK\x03\x04", "files of type .xlsx"),
    ],
)
def test_bad_files_are_one_line_each(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    assert words in reason(file)
    assert "\n" not in reason(file)


def test_a_large_file_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("word " * 1000)
    assert "larger than" in reason(file, max_bytes=4000)


def test_what_is_no_file_is_skipped(tmp_path: Path) -> None:
    assert "no such file" in reason(tmp_path / "missing.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone.txt")
    assert "broken link" in reason(tmp_path / "link.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in reason(tmp_path / "pipe.txt")
    assert "not a regular file" in reason("/dev/null")
    (tmp_path / "empty").mkdir()
    assert "no files" in reason(tmp_path / "empty")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("text")
    file.chmod(0)
    assert "permission" in reason(file)


def test_a_folder_is_read_with_all_below_it(articles: Path) -> None:
    (articles / "deep" / "er").mkdir(parents=True)
    (articles / "deep" / "er" / "c.txt").write_text("A title\n\nSome text here.")
    (articles / ".hidden.txt").write_text("A title\n\nHidden text.")
    titles = [item.title for item in load([articles]) if isinstance(item, Article)]
    assert titles == ["Bridge reopens in Lindqvist", "Apple harvest smallest in years", "A title"]


@pytest.mark.parametrize(
    "data", [TEXT.encode(), json.dumps(RECORD).encode(), json.dumps([RECORD]).encode(),
             f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}".encode(),
             b"\xef\xbb\xbf" + TEXT.encode()]
)  # fmt: skip
def test_standard_input(data: bytes) -> None:
    found = list(load(["-"], stdin=io.BytesIO(data)))
    assert found and all(isinstance(item, Article) for item in found)


def test_ids_are_stable_and_hashes_follow_content(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(RECORD))
    first = one(file)
    file.write_text(
        json.dumps(RECORD | {"content": "The dam broke.", "link": "https://ORRA.example/1#top"})
    )
    second = one(file)
    assert first.id == second.id
    assert first.content_hash != second.content_hash


HOSTILE = [
    RECORD | {"content": "A cut emoji \ud83d here, and a bell \x07 and \x1b[2J too."},
    RECORD | {"authors": [{"name": ["A", "B"]}]},
    RECORD | {"date": "9999-12-31T23:59:59-05:00"},
    RECORD | {"content": "by J\u00a0. Smith said. It held."},
    RECORD | {"content": {"deep": [1]}, "text": ["one", ["two"]]},
]


def test_odd_records_cost_at_most_themselves(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{**record, "link": ""} for record in [*HOSTILE, RECORD]]))
    found = read(file)
    assert isinstance(found[-1], Article) and len(found) == len(HOSTILE) + 1
    with Archive.open(tmp_path / "data") as archive:
        done = archive.add(found)
    assert len(done.added) >= 4
    assert all(
        "\x1b" not in a.body and "\x07" not in a.body for a in found if isinstance(a, Article)
    )


@pytest.mark.parametrize("value", ["!!int ''", "!!bool foo", "!!timestamp foo"])
def test_odd_yaml_is_one_line(tmp_path: Path, value: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"---\na: {value}\n---\n\nThe dam held.")
    assert "\n" not in reason(file)


def test_front_matter_goes_by_any_of_the_names(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\nheadline: Real\ndate: 2025-02-05\n---\n\nIt held on May 9, 2024.\n\nSo.")
    article = one(file)
    assert article.title == "Real"
    assert article.published and article.published.year == 2025


def test_a_curated_record_loses_no_lines(tmp_path: Path) -> None:
    lines = ["One.", "Two.", "Three.", "Recommended changes to the law", "More in hope", "Four."]
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"title": "T", "body": "\n".join(lines)}))
    assert one(file).body.split("\n\n") == lines


def test_standard_input_of_other_kinds() -> None:
    csv = b"title,body\nDam holds,It held.\n"
    markdown = b"---\ntitle: Dam holds\n---\n\nIt held."
    wrapped = b'{"articles": [\n' + json.dumps(RECORD).encode() + b"\n]}"
    for data in (csv, markdown, wrapped):
        (article,) = load(["-"], stdin=io.BytesIO(data))
        assert isinstance(article, Article) and article.title == "Dam holds", data


def test_a_front_page_identifies_no_article(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    records = [RECORD | {"link": "https://x.example/", "headline": name} for name in "ab"]
    file.write_text(json.dumps(records))
    first, second = read(file)
    assert isinstance(first, Article) and isinstance(second, Article) and first.id != second.id


@pytest.mark.timeout(60)  # time squared would be minutes
@pytest.mark.parametrize("line", ["Links\n", "---\n", "By A\n", "A | b\n", "( ", "Mr. A. "])
def test_hostile_text_is_read_in_bounded_time(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(line * (100_000 // len(line)))
    read(file)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://paper.example/2022/06/12/politics/deal/index.html", "2022-06-12"),
        ("https://paper.example/us-news/2022/jun/09/deal", "2022-06-09"),
        ("https://paper.example/news/2022-06-12-deal", "2022-06-12"),
        ("https://paper.example/2022/06", None),
        ("https://paper.example/2022/13/45/deal", None),
        ("https://paper.example/deal?back=/2022/06/12/", None),
        ("https://paper.example/2022/06/1234567", None),
        ("https://[broken/2022/06/12/", None),
    ],
)
def test_the_day_in_a_url_dates_an_article_that_has_no_date(url: str, day: str | None) -> None:
    made = Article.create(title="Deal", body="It held.", url=url)
    assert (made.published and f"{made.published:%Y-%m-%d}") == day


def test_a_date_that_is_given_stands() -> None:
    url = "https://paper.example/2022/06/12/deal"
    given = datetime(2021, 1, 5, tzinfo=UTC)
    made = Article.create(title="Deal", body="It held.", url=url, published=given)
    assert made.published == given


def test_a_timeline_keeps_its_dates(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    days = {
        "January 3, 2019": "Engineers found the first crack in the dam, the company said.",
        "February 5, 2025": "The dam broke at night and 1,200 people left the town.",
    }
    told = "\n".join(f"{day}\n{text}" for day, text in days.items())
    file.write_text(f"How the flood came: a timeline\n{told}\n")
    article = one(file)
    assert article.published is None
    for day, text in days.items():
        assert f"{day}\n\n{text}" in article.body


def test_a_score_is_no_date(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Rovers win the cup\n4-3-3\nThe old formation won the match for Rovers.\n")
    article = one(file)
    assert article.published is None
    assert "4-3-3" in article.body


@pytest.mark.parametrize("line", ["February 5, 2025", "Published: 02/05/25", "2025-02-05"])
def test_a_date_at_the_top_is_the_article_s(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"The dam held\n{line}\nThe dam above Orra held on Tuesday night.\nSo.\n")
    article = one(file)
    assert article.published and f"{article.published:%Y-%m-%d}" == "2025-02-05"
    assert line not in article.body


def test_a_blank_path_is_not_the_folder_one_is_in() -> None:
    (found,) = load(["  "])
    assert isinstance(found, Skipped) and found.reason == "names no file"


def test_no_name_and_no_address_commands_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "new\nline\x1b[31m.xyz").write_bytes(b"\0")
    record = {"title": "A", "body": "It held.", "url": "https://a.example/\x1b]0;x\x07y"}
    (tmp_path / "a.json").write_text(json.dumps(record))
    found = list(load([tmp_path]))
    texts = [text for one in found for text in (one.source, getattr(one, "url", ""))]
    assert len(found) == 2 and all(text.isprintable() for text in texts)


def test_a_file_name_that_is_not_utf_8_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in (b"caf\xe9.txt", b"caf\xe8.txt", b"empty\xe9.txt"):
        text = "" if name.startswith(b"empty") else f"The dam {name!r} held at night."
        try:
            Path(folder, os.fsdecode(name)).write_text(text)
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    with Archive.open(tmp_path / "archive") as archive:
        done = archive.add(load([folder]))
    assert len(done.added) == 2
    assert "empty\\xe9.txt" in done.skipped[0].source


def test_html_in_markdown_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    block = '<div class="x">\n<p>The dam held.</p><p>It was close.</p>\n</div>'
    file.write_text(f"# Dam holds\n\nIt rained.\n\n{block}\n\nThe end came late.\n")
    assert one(file).body == "It rained.\n\nThe dam held.\n\nIt was close.\n\nThe end came late."


def test_a_record_with_an_empty_list_is_a_record(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"title": "T", "text": "The dam held.", "items": [], "data": ["x"]}))
    assert one(file).body == "The dam held."


@pytest.mark.parametrize("text", ["[]", '{"articles": []}'])
def test_a_file_without_records_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)
    assert "holds no records" in reason(file)
    table = tmp_path / "b.csv"
    table.write_text("title,body\n")
    assert reason(table) == "no articles in it"


def test_what_is_no_text_is_no_name_and_seconds_are_a_date(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(
        '[{"title": "T", "text": "It held.", "author": NaN, "publisher": NaN, "date": 1612051200},'
        '{"title": "U", "text": "It fell.", "author": false, "date": "1612051200000"}]'
    )
    for article in read(file):
        assert isinstance(article, Article)
        assert (article.outlet, article.authors) == ("", ())
        assert article.published == datetime(2021, 1, 31, tzinfo=UTC)

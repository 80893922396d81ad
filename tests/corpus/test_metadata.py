"""Metadata of pages: each place where outlets put it, and what to make of what they put there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from corpus_pages import page, read

from corpus.jsonld import article_node
from corpus.language import language_of
from corpus.names import authors_from, is_outlet, outlet_from
from corpus.page import read_html

EARLY, LATE = "2025-02-05T08:15:00+01:00", "2025-02-06T10:00:00+01:00"
CET = timezone(timedelta(hours=1))


def ld(**node: object) -> str:
    return (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | node)}</script>'
    )


def meta(**named: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{text}">'
        for name, text in named.items()
    )


@pytest.mark.parametrize(
    "head",
    [
        ld(datePublished=EARLY, dateModified=LATE),
        meta(article__published_time=EARLY, article__modified_time=LATE),
        f'<meta itemprop="datePublished" content="{EARLY}">'
        f'<meta itemprop="dateModified" content="{LATE}">',
        f'<meta name="sailthru.date" content="{EARLY}"><meta name="lastmod" content="{LATE}">',
    ],
)
def test_published_and_updated_are_kept_apart_with_their_zone(head: str) -> None:
    found = read(head=head)
    assert found.published == datetime(2025, 2, 5, 8, 15, tzinfo=CET)
    assert found.published.utcoffset() == timedelta(hours=1)
    assert found.updated == datetime(2025, 2, 6, 10, 0, tzinfo=CET)


def test_saving_twice_is_no_update() -> None:
    found = read(head=ld(datePublished=EARLY, dateModified="2025-02-05T08:15:20+01:00"))
    assert found.published and found.updated is None


def test_dates_that_are_none_are_passed_over() -> None:
    head = ld(datePublished="0001-01-01T00:00:00Z")
    found = read(head=head, top="<p><time>Published 7:07 PM EST Feb 5, 2025</time></p>")
    assert found.published == datetime(2025, 2, 6, 0, 7, tzinfo=UTC)


def test_the_heading_is_the_title_and_the_outlets_name_is_not() -> None:
    head = meta(og__title="River: dam holds as river rises - Orra Post", og__site_name="Orra Post")
    found = read(head=head)
    assert (found.title, found.outlet) == ("Dam holds as river rises", "Orra Post")


def test_a_heading_with_the_outlets_name_is_no_title() -> None:
    html = page().replace(b"<h1>Dam holds as river rises</h1>", b"<h1>Orra Post</h1>")
    assert read_html(html, "x").title == "Dam holds as river rises"


def test_references_between_json_ld_nodes_are_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "Person", "@id": "#anna", "name": "Anna Berg"},
            {"@type": "NewsArticle", "author": {"@id": "#anna"}, "articleSection": ["Region"]},
        ]
    }
    found = read(head=f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert (found.authors, found.section) == (("Anna Berg",), "Region")


@pytest.mark.parametrize("broken", ["{", "[" * 3000, '{"a": ' * 3000, "null", '"text"', "[1, [2]]"])
def test_broken_json_ld_is_as_if_it_were_not_there(broken: str) -> None:
    found = read(head=f'<script type="application/ld+json">{broken}</script>')
    assert found.title == "Dam holds as river rises"


def test_json_ld_of_no_article_says_nothing() -> None:
    from lxml import html

    tree = html.fromstring('<script type="application/ld+json">{"@type": "WebSite"}</script><p>')
    assert article_node(tree) == {}


@pytest.mark.parametrize(
    ("markup", "section"),
    [
        (meta(article__section="Region"), "Region"),
        ('<link rel="canonical" href="https://orra.example/region/dam-holds-again">', "region"),
        ('<link rel="canonical" href="https://orra.example/2025/dam-holds-again">', ""),
    ],
)
def test_section(markup: str, section: str) -> None:
    assert read(head=markup).section == section


def test_a_breadcrumb_is_a_section() -> None:
    trail = '<ul class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="/r">Region</a></li>'
    assert read(top=f"{trail}</ul>").section == "Region"


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["By ANNA BERG, AP Auto Writer"], ("Anna Berg",)),
        (["By Anna Berg and Jon Doe, Orra Press"], ("Anna Berg", "Jon Doe")),
        (["Anna Berg | anna@orra.example"], ("Anna Berg",)),
        (["Anna Berg, Orra Post", "anna berg"], ("Anna Berg",)),
        (["Von Anna Berg und Jon Doe"], ("Anna Berg", "Jon Doe")),
        (["https://social.example/annaberg"], ()),
        (["Staff Reports", "Orra Post", "webadmin", "CNX"], ()),
        (["山田太郎"], ("山田太郎",)),
        (["By Anna D. Berg and Zolan Doe-Young"], ("Anna D. Berg", "Zolan Doe-Young")),
        (["JON F. DOE and ANNA BERG"], ("Jon F. Doe", "Anna Berg")),
        (["Mary K. Van Buren"], ("Mary K. Van Buren",)),
        (["By Dr. Anna Berg"], ("Dr. Anna Berg",)),
        (["Jon Doe Jr. and Alexandra Ma"], ("Jon Doe Jr", "Alexandra Ma")),
        (["Jon Doe, Jr., Anna Berg, PhD"], ("Jon Doe", "Anna Berg")),
        (["Anna Berg. Jon Doeman"], ("Anna Berg", "Jon Doeman")),
    ],
)
def test_authors_are_people(texts: list[str], names: tuple[str, ...]) -> None:
    assert authors_from(texts, "The Orra Post") == names


@pytest.mark.parametrize(
    ("outlet", "name", "is_house"),
    [
        ("The Hill", "Amie Phillips", False),
        ("The Hill", "Hillary Doe", False),
        ("The Hill", "The Hill", True),
        ("AP", "Sarah Chapman", False),
        ("The Sun", "Lena Sun", False),
        ("The Orra Post", "OrraPost", True),
        ("The Orra Post", "Orra", True),
        ("Orra Post", "The Orra Post Online", True),
        ("TIME", "this time for good", False),
        ("CNN", "CNN Politics", True),
        ("", "Anna Berg", False),
        ("Orra Post", "", False),
    ],
)
def test_an_outlet_is_told_from_people_and_headlines(
    outlet: str, name: str, is_house: bool
) -> None:
    assert is_outlet(name, outlet) == is_house


@pytest.mark.parametrize(
    ("names", "outlet"),
    [
        (["Orra Post | orrapost.example"], "Orra Post"),
        (["orrapost", "", "The Orra Post"], "The Orra Post"),
        (["@orrapost"], "orrapost"),
        (["", ""], "orra.example"),
    ],
)
def test_outlets_are_names(names: list[str], outlet: str) -> None:
    assert outlet_from(names, "www.orra.example") == outlet


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("The dam held on Tuesday and the water of the river is to fall in the night, it is "
         "said by all of those that have seen it.", "de", "en"),
        ("Дамба выдержала натиск воды в ночь на вторник, сообщили инженеры.", "en", "ru"),
        ("ダムは火曜日の夜も持ちこたえたと水道局の技師たちは述べた", "", "ja"),
        ("댐은 화요일 밤에도 버텼다고 수자원 사무소의 기술자들이 말했다.", "en", "ko"),
        ("Dam holds.", "pt-BR", "pt"),
        ("Dam holds.", "", ""),
    ],
)  # fmt: skip
def test_language(text: str, declared: str, language: str) -> None:
    assert language_of(text, declared) == language


def test_a_date_of_something_else_is_not_the_page_s() -> None:
    related = "<aside><time datetime='2019-03-03T10:00:00Z'>2019</time> Flood</aside>"
    undated = page().replace(b"1 Mill Street", b"\xc2\xa9 2025")
    assert read_html(undated, "x").published is None
    undated = undated.replace(b"</article>", f"{related}</article>".encode())
    told = datetime(2025, 3, 6, 9, tzinfo=UTC)
    assert read_html(undated, "x", told).published == told
    dated = page(head=ld(datePublished=EARLY))
    assert read_html(dated, "x", told).published == datetime(2025, 2, 5, 8, 15, tzinfo=CET)


@pytest.mark.parametrize(
    "shown",
    ["<p>By Anna Berg</p><p>March 5, 2025</p>", "<div>March 5, 2025</div>",
     "<p>Posted on March 5, 2025 at 9 am</p>"],
)  # fmt: skip
def test_a_day_that_is_printed_under_the_heading_is_the_page_s(shown: str) -> None:
    found = read(top=shown).published
    assert found and f"{found:%Y-%m-%d}" == "2025-03-05"


def test_another_story_does_not_share_a_headline_by_a_word() -> None:
    own = {"headline": "Council lets the dam above Orra be repaired", "author": "Anna Berg"}
    quiz = {"@type": "NewsArticle", "headline": "Dam", "author": "Quiz Master",
            "datePublished": "2023-01-01", "articleSection": "Fun"}  # fmt: skip
    found = read(head=ld(**own, datePublished=EARLY, articleSection="Region") + ld(**quiz))
    assert found.authors == ("Anna Berg",)
    listed = {"@type": "WebPage", "hasPart": [{"@type": "NewsArticle"} | own]}
    assert read(head=ld(**listed)).authors == ("Anna Berg",)


def test_the_page_s_own_story_is_told_from_others_it_lists() -> None:
    own = {"headline": "Dam holds as river rises", "author": "Anna Berg", "datePublished": EARLY}
    other = {
        "@type": "NewsArticle", "headline": "Ferry sails", "author": "Wrong Person",
        "datePublished": "2023-01-01", "articleSection": "Politics",
    }  # fmt: skip
    update = {"@type": "BlogPosting", "headline": "17:45", "author": "Wrong Person"}
    for head in (
        ld(**own) + ld(**{"@type": "ItemList", "itemListElement": [other]}),
        ld(**own) + ld(**other),
        ld(**own, liveBlogUpdate=[update | {"datePublished": LATE, "articleSection": "Live"}]),
    ):
        found = read(head=head)
        assert found.authors == ("Anna Berg",) and found.section != "Politics"
        assert found.published == datetime(2025, 2, 5, 8, 15, tzinfo=CET)

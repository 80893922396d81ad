"""Feeds: every kind is read, broken ones as far as they go, hostile ones without harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from http_server import rss
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.charset import to_text
from corpus.feeds import MAX_CHARACTERS, MAX_ITEMS, Feed, Item, parse_feed
from corpus.markup import feed_links, html_text
from corpus.opml import read_opml, write_opml
from corpus.robots import parse_robots

HOME = "http://orra.example/feed"

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://orra.example/news/">
<title type="html">Orra &amp;amp; Vale</title><updated>2025-02-06T00:00:00Z</updated>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Dam <b>holds</b></div></title>
<link rel="self" href="x.atom"/><link href="dam"/><id>tag:orra.example,2025:1</id>
<published>2025-02-05T10:00:00+01:00</published><updated>2025-02-06T08:30:00Z</updated>
<author><name>Anna Berg</name></author><author><name>Ingrid Holm</name></author>
<summary>Short.</summary><content type="html">&lt;p&gt;The dam held.&lt;/p&gt;&lt;p&gt;All
night.&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>Orra</title></channel>
<item rdf:about="y"><title>Dam holds</title><link>http://orra.example/dam</link>
<dc:date>2025-02-05T09:00:00Z</dc:date><dc:creator>Anna Berg</dc:creator></item></rdf:RDF>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Orra",
        "items": [
            {"id": "1", "url": "/dam", "title": "Dam holds", "content_html": "<p>Held.<p>Yes.",
             "date_published": "2025-02-05T09:00:00Z", "authors": [{"name": "Anna Berg"}]},
            {"id": "http://orra.example/by-id", "content_text": "No title."}, "junk", {"id": 7},
        ],
    }
)  # fmt: skip


def only(text: str) -> Item:
    (item,) = parse_feed(text, HOME).items
    return item


def test_atom_with_all_its_parts() -> None:
    feed = parse_feed(ATOM, HOME)
    assert feed.title == "Orra & Vale"
    assert feed.items == (
        Item(
            url="http://orra.example/news/dam",
            title="Dam holds",
            summary="The dam held.\n\nAll night.",
            published=datetime(2025, 2, 5, 9, tzinfo=UTC),
            updated=datetime(2025, 2, 6, 8, 30, tzinfo=UTC),
            authors=("Anna Berg", "Ingrid Holm"),
        ),
    )


def test_rss_of_the_old_kind() -> None:
    item = only(RDF)
    assert (item.url, item.authors) == ("http://orra.example/dam", ("Anna Berg",))
    assert item.published == datetime(2025, 2, 5, 9, tzinfo=UTC)


def test_json() -> None:
    first, second = parse_feed(JSON, HOME).items
    assert (first.url, first.summary) == ("http://orra.example/dam", "Held.\n\nYes.")
    assert first.authors == ("Anna Berg",) and first.published is not None
    assert (second.url, second.summary) == ("http://orra.example/by-id", "No title.")


def test_what_json_names_is_no_address_and_holds_no_control_characters() -> None:
    data = json.loads(JSON)
    data["title"] = "T\u001b]0;x\u0007"
    data["items"] = [{"id": "tag-1", "content_text": "x"}, {"url": "/a b", "title": "B\u001b"}]
    feed = parse_feed(json.dumps(data), HOME)
    assert feed.title == "T]0;x"
    assert [(item.url, item.title) for item in feed.items] == [("http://orra.example/a%20b", "B")]


def test_rss_with_what_feeds_have_beside_the_standard() -> None:
    text = (
        '<rss xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
        'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Orra</title>'
        '<atom:link rel="self" href="http://orra.example/feed"/><item>'
        "<media:title>A picture</media:title><title><![CDATA[AT&T &amp; the dam]]></title>"
        "<link>http://count.example/1</link>"
        "<feedburner:origLink>http://orra.example/dam#top</feedburner:origLink>"
        "<description>Teaser</description><content:encoded><![CDATA[<p>The whole text of it.</p>]]>"
        "</content:encoded><author>desk@orra.example (Anna Berg)</author></item></channel></rss>"
    )
    item = only(text)
    assert item.title == "AT&T & the dam"
    assert item.url == "http://orra.example/dam"
    assert item.summary == "The whole text of it."
    assert item.authors == ("Anna Berg",)


@pytest.mark.parametrize(
    "written",
    ["Wed, 05 Feb 2025 10:00:00 GMT", "Wed, 5 Feb 2025 10:00 +0000", "5 Feb 2025 11:00:00 +0100",
     "Wed, 05 Feb 2025 05:00:00 EST", "2025-02-05T10:00:00Z", "2025-02-05T11:00:00+01:00",
     "2025-02-05T10:00:00.000Z", "2025-02-05 10:00:00", "2025-02-05T10:00Z",
     "Wednesday, February 5, 2025 10:00 AM", "Feb 5, 2025 10:00:00 UTC",
     "20250205T100000Z", "Wed Feb  5 10:00:00 2025"],
)  # fmt: skip
def test_dates_in_a_dozen_forms(written: str) -> None:
    text = rss([("http://a.example/1", "A")], extra=f"<pubDate>{written}</pubDate>")
    assert only(text).published == datetime(2025, 2, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("written", ["", "yesterday", "32 Foo 2025", "0", "9" * 5000, "2025"])
def test_what_is_no_date_is_none(written: str) -> None:
    text = rss([("http://a.example/1", "A")], extra=f"<pubDate>{written}</pubDate>")
    assert only(text).published is None


@pytest.mark.parametrize(
    "broken",
    ["<rss><channel><item><title>A &nbsp;&mdash; B & C</title><link>http://a.example/1</link>",
     "<rss><channel><item><title>A — B & C</b></title><link>http://a.example/1</link></item>",
     '<rss><channel><item a=b><title>A — B &amp; C</title><link>http://a.example/1</link></item>'
     "</channel></rss> trailing <junk",
     "\ufeff \n<rss><channel><item><title>A \x00\x08— B &amp; C</title><undeclared:x/>"
     "<link> http://a.example/1\n</link></item></channel></rss>",
     '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss><channel><item>'
     "<title>A&nbsp;— B &amp; C</title><link>http://a.example/1</link></item></channel></rss>"],
)  # fmt: skip
def test_broken_xml_is_read_as_far_as_it_goes(broken: str) -> None:
    item = only(broken)
    assert item.url == "http://a.example/1"
    assert item.title == "A — B & C"


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "neither"), ("hello", "neither"), ("<html><p>x</html>", "web page"), ("<", "broken XML"),
     ("<opml/>", "another kind"), ("{}", "another kind"), ("{", "broken JSON"),
     ('{"items": []}', "another kind"), ("{" + "[" * 100_000, "broken"),
     ("<!DOCTYPE rss [", "broken XML")],
)  # fmt: skip
def test_what_is_no_feed_is_called_what_it_is(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_feed(text, HOME)


def bombs() -> dict[str, str]:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    inside = (
        "<rss><channel><item><title>&a9;</title><link x='&a9;'>http://a.example/1</link></item>"
    )
    return {
        "billion laughs": f'<!DOCTYPE r [<!ENTITY a0 "ha">{laughs}]>{inside}',
        "quadratic": f'<!DOCTYPE r [<!ENTITY a9 "{"x" * 100_000}">]>{inside}{"&a9;" * 50_000}',
        "file": f'<!DOCTYPE r [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>{inside}',
        "parameter": f'<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>{inside}',
        "late doctype": " " * 5000 + f'<!DOCTYPE r [<!ENTITY a0 "ha">{laughs}]>{inside}',
        "deep": "<rss><channel>" + "<item>" * 300_000,
        "wide": "<rss><channel><item " + "".join(f"a{n}='1' " for n in range(100_000)) + "/>",
        "unclosed": "<rss><channel><item><title>" + "<![CDATA[" * 200_000,
        "ampersands": "<rss><channel><item><title>" + "&" * 500_000,
        "html": "<rss><channel><item><description>" + "&lt;div&gt;" * 100_000,
        "doctypes": "<!DOCTYPE" * 200_000,
        "brackets": "<!DOCTYPE r [" + "]" * 500_000,
    }


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", list(bombs()))
def test_bombs_are_harmless(name: str) -> None:
    try:
        feed = parse_feed(bombs()[name], HOME)
    except ValueError:
        feed = Feed("", ())
    held = sum(len(item.title) + len(item.summary) + len(item.url) for item in feed.items)
    assert held < 1_000_000
    assert "root:" not in str(feed)


@pytest.mark.timeout(60)
def test_ten_thousand_items_and_the_limit() -> None:
    feed = parse_feed(rss([(f"http://a.example/{n}", f"S {n}") for n in range(10_000)]), HOME)
    assert len(feed.items) == 10_000
    many = rss([(f"http://a.example/{n}", "") for n in range(MAX_ITEMS + 5)])
    assert len(parse_feed(many, HOME).items) == MAX_ITEMS
    long = rss([(f"http://a.example/{n}", "x" * 300) for n in range(20_000)])
    assert len(long) > MAX_CHARACTERS
    assert 9_000 < len(parse_feed(long, HOME).items) < MAX_ITEMS


def test_items_without_a_web_address_are_left_out_and_each_comes_once() -> None:
    links = ["http://a.example/1", "http://a.example/1#x", "javascript:alert(1)", "file:///etc",
             "", "http://[bad", "relative"]  # fmt: skip
    feed = parse_feed(rss([(link, "T") for link in links]), "http://a.example/feed")
    assert [item.url for item in feed.items] == ["http://a.example/1", "http://a.example/relative"]


def test_an_items_hash_tells_changes() -> None:
    first, same = (only(rss([("http://a.example/1", "A")])) for _ in range(2))
    other = only(rss([("http://a.example/1", "B")]))
    assert first.hash == same.hash != other.hash


def test_feeds_that_a_page_names() -> None:
    html = (
        '<html><head><base href="/en/"><link rel="alternate" type="application/rss+xml" '
        'title="Comments" href="comments.xml"><LINK REL="alternate home" '
        'TYPE="application/atom+xml; x=y" HREF="atom.xml"><link rel="stylesheet" href="x.css">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:x"></head></html>'
    )
    assert feed_links(html, "http://orra.example/a/b") == [
        "http://orra.example/en/atom.xml",
        "http://orra.example/en/comments.xml",
    ]


def test_opml_comes_back_as_it_went() -> None:
    feeds = [("http://a.example/f?x=1&y=2", 'Orra "Post" <&>'), ("http://b.example/", "Ü\x00")]
    back = read_opml(write_opml(feeds).encode())
    assert back == [feeds[0], ("http://b.example/", "Ü")]


@pytest.mark.parametrize("name", ["billion laughs", "quadratic", "file", "parameter", "deep"])
def test_opml_with_entities_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"entities|not OPML"):
        read_opml(bombs()[name].encode())


# -- whatever bytes come ----------------------------------------------------------------------

PIECES = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "</item>", "<entry>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
     "<title>", "</title>", "<link>", "http://a.example/", "<link href='x'/>", "<![CDATA[", "]]>",
     "&amp;", "&#x0;", "&#xFFFFFFF;", "&nbsp;", "<!DOCTYPE x [", "]>", "<!--", "-->", "<?xml ",
     "encoding='utf-16'?>", "<pubDate>", "2025-02-05", "{", '"items":', "[", "jsonfeed.org", "\x00",
     "\ud800".encode("utf-8", "replace").decode(), "<p", "xml:base='http://['", "é", "\u2028"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=30).map("".join).map(str.encode))
)
def test_any_bytes_are_a_feed_or_one_line(data: bytes) -> None:
    try:
        feed = parse_feed(to_text(data), HOME)
    except ValueError as error:
        assert "\n" not in str(error)
        return
    for item in feed.items:
        assert item.url.startswith(("http://", "https://")) and len(item.hash) == 16


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    html_text(text)
    feed_links(text, HOME)
    parse_robots(text).allows(text)


def test_what_breaks_off_or_names_no_address_costs_only_itself() -> None:
    def links(text: str) -> list[str]:
        return [item.url for item in parse_feed(text, HOME).items]

    one, two = "http://a.example/1", "http://a.example/2"
    first = f"<item><title>A<br>B</title><link>{one}</link></item>"
    second = f"<item><title>C</title><link>{two}</link></item>"
    assert links(f"<rss><channel>{first}{second}</channel></rss>") == [one, two]
    assert links(f"<rss><channel>{first}<item><link>https://mh") == [one]
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>{two}</id></entry></feed>"
    assert links(atom) == [two]
    bare = "<item><title>D</title><guid isPermaLink='false'>9</guid></item>"
    assert parse_feed(f"<rss><channel>{second}{bare}</channel></rss>", HOME).without_link == 1


def test_entities_command_no_terminal() -> None:
    text = "<rss><channel><title>MH &amp;#27;]0;x &amp;#x9b;2J</title></channel></rss>"
    assert parse_feed(text, HOME).title == "MH ]0;x ›2J"

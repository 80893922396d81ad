"""Fetching: from a server that behaves and one that does not, and never from where it may not."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from http_server import (
    Site,
    bomb,
    dripping_body,
    dripping_head,
    endless,
    http_date,
    not_http,
    page,
    rude,
    slow,
    truncated,
)

from corpus.address import RefusedError, check_url, is_public, vetted
from corpus.body import FetchError
from corpus.charset import to_text
from corpus.errors import OnRecordError
from corpus.fetch import Fetcher, FetchSettings, user_agent
from corpus.pace import Pace
from corpus.parallel import ByHost
from corpus.robots import parse_robots

FAST = FetchSettings(
    pause=0, timeout=0.4, total=0.8, max_bytes=2_000_000, backoff=0.01, longest_wait=0.3
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def fetcher(site: Site) -> Iterator[Fetcher]:
    with Fetcher(replace(FAST, allow_hosts=(site.host,))) as made:
        yield made


@pytest.fixture
def patient(site: Site) -> Iterator[Fetcher]:
    """For what a server does well: a busy machine may take its time over it."""
    settings = replace(FAST, allow_hosts=(site.host,), timeout=10, total=20)
    with Fetcher(settings) as made:
        yield made


def refused(fetcher: Fetcher, url: str) -> str:
    """The one line that says why something could not be had, soon."""
    started = time.monotonic()
    with pytest.raises(OnRecordError) as caught:
        fetcher.get(url)
    assert time.monotonic() - started < 20  # what never ends was cut off, however busy the machine
    text = str(caught.value)
    assert "\n" not in text and 5 < len(text) < 300
    return text


# -- a server that behaves ----------------------------------------------------------------


def test_a_page_comes_with_what_the_server_calls_it(site: Site, patient: Fetcher) -> None:
    url = site.put("/a", "hello", etag='"1"', last_modified=http_date(0), content_type="text/plain")
    found = patient.get(url)
    assert (found.text, found.etag, found.url) == ("hello", '"1"', url)
    again = patient.get(url, etag=found.etag, last_modified=found.last_modified)
    assert again.unchanged and not again.data
    sent = site.asked[-1][1]
    assert sent["If-None-Match"] == '"1"' and sent["If-Modified-Since"] == http_date(0)
    assert sent["User-Agent"] == user_agent() and sent["User-Agent"].startswith("onrecord/")
    assert sent["Host"] == site.host


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "two parts", "chunked"])
def test_compressed_and_chunked_bodies(site: Site, patient: Fetcher, coding: str) -> None:
    text = page("A long story").encode() * 50
    raw = zlib.compressobj(wbits=-15)
    body, name = {
        "gzip": (gzip.compress(text), "gzip"),
        "deflate": (zlib.compress(text), "deflate"),
        "raw deflate": (raw.compress(text) + raw.flush(), "deflate"),
        "two parts": (gzip.compress(text[:999]) + gzip.compress(text[999:]) + b"rubbish", "gzip"),
        "chunked": (b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text), ""),
    }[coding]
    if coding == "chunked":
        url = site.put("/a", body, transfer_encoding="chunked", content_length="")
    else:
        url = site.put("/a", body, content_encoding=name)
    assert patient.get(url).data == text


def test_redirects_are_followed_a_few_steps(site: Site, patient: Fetcher) -> None:
    site.put("/end", "here")
    for n in range(5):
        site.put_status(f"/{n}", 302, location=f"/{n + 1}" if n < 4 else "end#part")
    found = patient.get(site.url + "/0")
    assert found.text == "here" and found.url == site.url + "/end"


@pytest.mark.parametrize(
    ("data", "header"),
    [
        ("Zoë’s café".encode(), ""),
        ("Zoë’s café".encode(), "text/html; charset=iso-8859-1"),
        ("Zoë’s café".encode("cp1252"), ""),
        ("Zoë’s café".encode("cp1252"), "text/html; charset=utf-8"),
        (b'<meta charset="windows-1252">' + "Zoë’s café".encode("cp1252"), ""),
        ("Zoë’s café".encode("utf-16"), ""),
        ("Zoë’s café".encode("cp1252"), "text/html; charset=punycode"),
        ("Zoë’s café".encode(), "text/html; charset=nonsense"),
    ],
)
def test_charsets_named_wrongly_or_not_at_all(data: bytes, header: str) -> None:
    assert to_text(data, header).endswith("Zoë’s café")


def test_charsets_of_other_scripts_go_by_their_names() -> None:
    assert to_text("Москва".encode("koi8-r"), "text/html; charset=KOI8-R") == "Москва"
    assert to_text("東京の空".encode("iso2022_jp"), "text/html; charset=iso-2022-jp") == "東京の空"
    xml = '<?xml version="1.0" encoding="Shift_JIS"?><a>東京</a>'
    assert to_text(xml.encode("cp932")) == xml
    assert "Orra" in to_text("Café in Orra".encode() + b"\xc3", "text/html; charset=utf-8")


# -- a server that does not -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (slow, "too slow"),
        (dripping_head, "too slow"),
        (dripping_body, "too slow"),
        (endless, "larger than 2 MB"),
        (truncated, "broke off"),
        (rude, "broke off"),
        (not_http, "broke off"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_misbehaviour_ends_in_one_line_soon(
    site: Site, fetcher: Fetcher, answer: object, says: str
) -> None:
    site.answers["/a"] = answer  # type: ignore[assignment]
    assert says in refused(fetcher, site.url + "/a")


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "login"), (403, "does not let us in"), (404, "nothing at this address"),
     (410, "gone for good"), (429, "too many"), (500, "in trouble"), (503, "in trouble"),
     (302, "302"), (204, "empty")],
)  # fmt: skip
def test_a_refusal_is_said_in_words(site: Site, patient: Fetcher, status: int, says: str) -> None:
    url = site.put_status("/a", status)
    if status == 204:
        site.put("/a", b"")
    text = refused(patient, url)
    assert says in text
    tries = 2 if status in (429, 500, 503, 204) else 1
    assert site.paths().count("/a") == tries


def test_a_huge_body_is_not_read_to_its_end(site: Site, patient: Fetcher) -> None:
    url = site.put("/a", b"x" * 3_000_000)
    assert "larger than 2 MB" in refused(patient, url)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_noticed_before_it_goes_off(site: Site, patient: Fetcher, coding: str) -> None:
    url = site.put("/a", bomb(60), content_encoding=coding)
    tracemalloc.start()
    assert "larger than 2 MB" in refused(patient, url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_compressed_body_that_breaks_off(site: Site, patient: Fetcher) -> None:
    whole = gzip.compress(page("A").encode() * 20)
    assert "breaks off" in refused(patient, site.put("/a", whole[:-20], content_encoding="gzip"))
    assert "damaged" in refused(
        patient, site.put("/b", whole[:40] + b"\xff" * 40, content_encoding="gzip")
    )
    assert "not asked for" in refused(patient, site.put("/c", whole, content_encoding="gzip, gzip"))


def test_a_loop_of_redirects(site: Site, patient: Fetcher) -> None:
    site.put_status("/a", 301, location="/b")
    site.put_status("/b", 301, location="/a")
    assert "more than 5 redirects" in refused(patient, site.url + "/a")
    assert len(site.paths()) == 6


def test_pictures_are_not_fetched_as_articles(site: Site, patient: Fetcher) -> None:
    assert "image/png" in refused(patient, site.put("/a", b"x", content_type="image/png"))


def test_a_server_in_trouble_gets_a_second_chance(site: Site, patient: Fetcher) -> None:
    calls = []

    def answer(handler: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            handler.reply(b"", status=503, retry_after="0")  # type: ignore[attr-defined]
        else:
            handler.reply(b"fine")  # type: ignore[attr-defined]

    site.answers["/a"] = answer  # type: ignore[assignment]
    assert patient.get(site.url + "/a").text == "fine" and len(calls) == 2


def test_a_host_that_asks_for_peace_gets_it(site: Site, patient: Fetcher) -> None:
    url = site.put_status("/a", 429, retry_after="600")
    site.put("/b", "b")
    with pytest.raises(FetchError) as caught:
        patient.get(url)
    assert caught.value.again and caught.value.wait == 600
    assert "left alone" in refused(patient, site.url + "/b")
    assert site.paths() == ["/a"]


def test_a_silent_host_is_not_waited_for_again_and_again(site: Site, fetcher: Fetcher) -> None:
    site.answers["/robots.txt"] = slow
    for _ in range(2):
        assert "robots.txt could not be had" in refused(fetcher, site.url + "/a")
    asked = len(site.paths())
    assert "left alone" in refused(fetcher, site.url + "/b")
    assert len(site.paths()) == asked


# -- where it may not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
     "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
     "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
     "2002:7f00:1::", "2002:c0a8:101::1", "::127.0.0.1", "2001:db8::1", "2001:0:4136:e378::1",
     "not an address", ""],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1",
                                     "::ffff:8.8.8.8", "64:ff9b::808:808"])  # fmt: skip
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/x", "gopher://a.example/", "data:text/html,x",
     "javascript:alert(1)", "http://", "http:///x", "http://u:p@a.example/", "http://u@a.example/",
     "http://a.example:22/", "http://a.example:99999/", "http://[::1", "http://a b/", "x" * 9999,
     "http://a.example/\r\nX: y", "//a.example/", ""],
)  # fmt: skip
def test_urls_that_are_refused_unseen(url: str) -> None:
    with pytest.raises(RefusedError):
        check_url(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "0.0.0.0",
             "localhost."]
)  # fmt: skip
def test_this_machine_is_refused_by_every_name(host: str) -> None:
    with Fetcher(FAST) as fetcher:
        text = refused(fetcher, f"http://{host}/")
    assert "not on the public internet" in text or "no such host" in text


def test_a_redirect_to_a_private_address_is_refused(site: Site, patient: Fetcher) -> None:
    for location in ("http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "//169.254.169.254/meta"):
        text = refused(patient, site.put_status("/a", 302, location=location))
        assert "not on the public internet" in text
    for location in ("file:///etc/passwd", "http://u:p@8.8.8.8/", "http://8.8.8.8:25/"):
        with pytest.raises(RefusedError):
            patient.get(site.put_status("/a", 302, location=location))


def test_a_name_is_looked_up_once_and_that_address_is_connected_to(site: Site) -> None:
    """A name server that answers with a public address first and a private one then."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    assert vetted("evil.example", 80, (), rebinding, 1) == ["93.184.216.34"]
    with Fetcher(replace(FAST, timeout=0.2, total=0.4, retries=0), ask=rebinding) as fetcher:
        text = refused(fetcher, "http://evil.example:8080/")
    assert "127.0.0.1, which is not on the public internet" in text
    assert asked == ["evil.example"] * 2 and not site.asked


def test_every_address_of_a_name_must_be_public() -> None:
    def mixed(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
        vetted("mixed.example", 443, (), mixed, 1)


def test_the_name_is_kept_for_the_server_though_the_address_is_connected_to(site: Site) -> None:
    port = int(site.host.split(":")[1])
    site.put("/a", "hello")
    settings = replace(FAST, allow_hosts=(f"paper.example:{port}",))
    with Fetcher(settings, ask=lambda host, port: ["127.0.0.1"]) as fetcher:
        assert fetcher.get(f"http://paper.example:{port}/a").text == "hello"
    assert site.asked[-1][1]["Host"] == f"paper.example:{port}"


def test_a_name_that_is_allowed_allows_no_other(site: Site) -> None:
    port = int(site.host.split(":")[1])
    for allowed in ("localhost", f"127.0.0.1:{port + 1}", "127.0.0.2"):
        settings = replace(FAST, allow_hosts=(allowed,))
        with Fetcher(settings) as fetcher, pytest.raises(RefusedError):
            fetcher.get(site.url + "/")
    assert not site.asked


def test_a_resolver_that_hangs_is_left_behind() -> None:
    def hanging(host: str, port: int) -> list[str]:
        time.sleep(3)
        return ["93.184.216.34"]

    with Fetcher(replace(FAST, retries=0), ask=hanging) as fetcher:
        assert "too slow" in refused(fetcher, "http://hanging.example/")


def test_proxies_of_the_environment_are_not_asked(
    site: Site, patient: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://10.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://10.0.0.1:3128")
    assert patient.get(site.put("/a", "direct")).text == "direct"


# -- manners --------------------------------------------------------------------------------


def test_robots_are_obeyed(site: Site, patient: Fetcher) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\nAllow: /private/open")
    site.put("/private/open", "x")
    assert patient.get(site.url + "/private/open").text == "x"
    assert "robots.txt" in refused(patient, site.url + "/private/a")
    assert site.paths() == ["/private/open"]
    assert [path for path, _ in site.asked].count("/robots.txt") == 1


@pytest.mark.parametrize("rules", [b"", b"\n"])
def test_a_robots_file_with_nothing_in_it_forbids_nothing(
    site: Site, patient: Fetcher, rules: bytes
) -> None:
    site.put("/robots.txt", rules)
    assert patient.get(site.put("/a", "hello")).text == "hello"


@pytest.mark.parametrize("bad", ["/robots.txt", "/a"])
def test_a_host_in_trouble_is_left_alone_after_a_few_requests(
    site: Site, fetcher: Fetcher, bad: str
) -> None:
    site.put_status(bad, 503)
    url = site.url + "/a"
    said = [refused(fetcher, url) for _ in range(6)]
    assert "503" in said[0] and "is left alone for now" in said[-1]
    assert [path for path, _ in site.asked].count(bad) == 4


def test_a_redirect_is_no_way_round_robots(site: Site, patient: Fetcher) -> None:
    site.put("/robots.txt", "User-agent: onrecord\nDisallow: /b")
    assert "robots.txt" in refused(patient, site.put_status("/a", 302, location="/b"))


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: OnRecord\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: onrecord\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /*?print=", "/x?print=1", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a%2fb", False),
        ("User-agent: *\nDisallow: /caf\u00e9", "/caf%C3%A9", False),
        ("User-agent: *\nDisallow: /a*$", "/abc", False),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("<html>no rules here</html>", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_rules_as_the_standard_has_them(rules: str, path: str, allowed: bool) -> None:
    assert parse_robots(rules).allows(path) is allowed


@pytest.mark.timeout(60)  # time squared would be far more
def test_a_long_list_of_programs_forgets_none() -> None:
    others = "\n".join(f"User-agent: bot{n}" for n in range(60))
    for own in ("onrecord", "OnRecord/1.0", "*"):
        for rules in (f"User-agent: {own}\n{others}", f"{others}\nUser-agent: {own}"):
            assert not parse_robots(f"{rules}\nDisallow: /").allows("/story")
    assert parse_robots(f"{others}\nDisallow: /").allows("/story")


def test_hostile_rules_take_no_time() -> None:
    rules = "User-agent: *\n" + f"Disallow: /{'*a' * 5000}$\n" * 50
    assert parse_robots(rules).allows("/" + "a" * 1900 + "b")


def test_requests_to_one_host_keep_their_distance() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(1.0, clock=lambda: now[0], sleep=sleep)
    for host in ("a", "a", "b", "a"):
        pace.wait(host)
    pace.wait("a", delay=4)
    pace.wait("a", delay=9999)
    assert slept == [1, 1, 1, 4]


def test_a_slow_host_holds_up_no_other() -> None:
    def work(task: tuple[str, int]) -> float:
        time.sleep(0.5 if task[0] == "slow" else 0)
        return time.monotonic()

    with ByHost[tuple[str, int], float](work, workers=2) as hosts:
        for n in range(3):
            hosts.submit("slow", ("slow", n))
            hosts.submit("fast", ("fast", n))
        done = [task for task, _ in hosts.results()]
    assert [name for name, _ in done] == ["fast"] * 3 + ["slow"] * 3
    assert done[3:] == [("slow", 0), ("slow", 1), ("slow", 2)]

"""The web chat: escaping, the served page, and a real browser where there is one."""

from __future__ import annotations

import html
import itertools
import json
import os
import re
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus import Article
from qa import Answer, Citation, Engine, Status
from qa.web import create_app, listen, render

if TYPE_CHECKING:
    from playwright.sync_api import Browser

EVIL = "<script>alert('x')</script> <img src=x onerror=alert(1)> [1](javascript:alert(2)) **b**"


def evil_answer() -> Answer:
    body = f"{EVIL} said 12 zebras. {EVIL}"
    article = Article.create(
        title=EVIL, body=body, outlet=EVIL, authors=(EVIL,), url='https://x.example/"onclick="y',
        published=datetime(2025, 2, 5, tzinfo=UTC),
    )  # fmt: skip
    start = body.index("12")
    citation = Citation.cut(1, article, start - 5, start + 9)
    return Answer(EVIL, f"{EVIL} [1]", "12", Status.ANSWERED, 0.9, (citation,), read_as=EVIL)


@pytest.mark.parametrize(
    "html",
    [
        render.plain(EVIL),
        render.message(evil_answer(), 1),
        render.sources(evil_answer(), 1),
        render.problem(EVIL),
        render.header(EVIL),
    ],
    ids=["plain", "message", "sources", "problem", "header"],
)
def test_whatever_an_article_or_a_user_says_is_escaped(html: str) -> None:
    assert "<script" not in html and "<img" not in html and 'onclick="y' not in html
    assert 'href="javascript' not in html


def test_a_follow_up_shows_what_it_was_read_as() -> None:
    answer = replace(evil_answer(), read_as="How many troops went to Juárez?")
    assert "Read as: How many troops went to Juárez?" in render.message(answer, 1)
    assert "Read as" not in render.message(replace(answer, read_as=""), 1)


def test_an_aside_is_labelled_as_no_answer() -> None:
    aside = Answer("thanks", "Ask.", "", Status.ABSTAINED, 0.0, aside=True)
    assert "status" not in render.message(aside, 1) and not render.sources(aside, 1)
    assert "Not in the articles" in render.message(replace(aside, aside=False), 1)


def test_markdown_in_a_question_stays_as_it_was_typed() -> None:
    assert "*" not in render.plain("**b**") and "[" not in render.plain("[a](b)")


def test_the_value_is_marked_where_it_stands() -> None:
    body = "On March 5, Mexico's 5 vans & 27 trucks came."
    article = Article.create(title="t", body=body)
    start = body.index("5 vans")
    cited = replace(Citation.cut(1, article, 0, len(body)), value=(start, start + 1))
    html = render._surrounded(cited)
    assert "On March 5, Mexico&#x27;s <strong>5</strong> vans &amp; 27 trucks" in html
    assert "<strong>" not in render._surrounded(replace(cited, n=0, value=(0, 0)))


def test_a_number_in_brackets_from_an_article_is_no_link() -> None:
    assert "#s1-7" not in render.message(replace(evil_answer(), text="It said [7]. [1]"), 1)


def test_a_number_in_brackets_inside_a_quote_is_the_article_s() -> None:
    text = "“As told before [1].” [1]"
    assert render.message(replace(evil_answer(), text=text), 1).count("#s1-1") == 1


@pytest.mark.parametrize("typed", ["# Was it?", "- Was it?", "1949. Was it?", "2) Was it?"])
def test_a_question_is_no_heading_and_no_list(typed: str) -> None:
    assert not re.match(r"\d*[#.)-]", render.plain(typed))
    assert html.unescape(render.plain(typed)) == typed


def test_markers_lead_to_the_sources_of_their_turn() -> None:
    assert 'href="#s3-1"' in render.message(evil_answer(), 3)
    assert 'id="s3-1"' in render.sources(evil_answer(), 3)


@contextmanager
def serving(engine: Engine, reports: Path | None = None) -> Iterator[str]:
    """The real application on a free port of this machine."""
    import uvicorn

    taken = listen("127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(create_app(engine, reports), log_level="error"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    runs = tmp_path_factory.mktemp("runs")
    (runs / "first run").mkdir()
    (runs / "first run" / "report.html").write_text("<h1>a report</h1>")
    (runs.parent / "secret").mkdir(exist_ok=True)
    (runs.parent / "secret" / "report.html").write_text("secret")
    with serving(engine, runs) as url:
        yield url


def test_the_page_is_served_and_uploads_are_not_taken(server: str) -> None:
    with urllib.request.urlopen(server, timeout=20) as response:
        assert "On Record" in response.read().decode()
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("openapi.json", "login", "docs"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.rstrip('/')}/{path}", timeout=20)
    request = urllib.request.Request(f"{server}/gradio_api/upload", data=b"x" * 1000, method="POST")
    request.add_header("Content-Type", "multipart/form-data; boundary=b")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=20)


def test_no_file_of_this_machine_can_be_had(server: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("for nobody")
    file = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    message = {"role": "user", "content": [{"type": "file", "file": file}]}
    with urllib.request.urlopen(f"{server}/config", timeout=20) as response:
        events = json.load(response)["dependencies"]
    for number, event in enumerate(events):
        for sent in (file, [message]):
            body = {"data": [sent] * len(event["inputs"]), "fn_index": event["id"],
                    "session_hash": f"s{number}"}  # fmt: skip
            request = urllib.request.Request(
                f"{server}/gradio_api/queue/join", json.dumps(body).encode(),
                {"Content-Type": "application/json"},
            )  # fmt: skip
            try:
                urllib.request.urlopen(request, timeout=20).close()
            except urllib.error.HTTPError:
                continue
            said = f"{server}/gradio_api/queue/data?session_hash=s{number}"
            with urllib.request.urlopen(said, timeout=20) as response:
                assert b"file=" not in response.read()
    for path in (f"file={secret}", f"proxy={server}/config", "upload", "deep_link"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server}/gradio_api/{path}", timeout=20)


def test_an_error_loses_neither_the_conversation_nor_the_question(engine: Engine) -> None:
    from qa.web import chat

    class Broken:
        def stream(self, question: str, history: object) -> Iterator[object]:
            yield from itertools.islice(engine.stream(question), 1)
            raise RuntimeError("a bug")

    before = [{"role": "user", "content": "who?"}, {"role": "assistant", "content": "Ana [1]."}]
    *_, (box, shown, messages, turns, *_) = chat._reply(
        Broken(), "who won?", before, [("who?", "Ana [1].")], ["<section>"], {}
    )  # type: ignore[arg-type]
    assert box["value"] == "who won?"
    assert shown[:2] == before and shown == messages
    assert "something went wrong" in shown[-1]["content"]
    assert turns == [("who?", "Ana [1].")]


def test_no_other_site_may_ask(server: str) -> None:
    request = urllib.request.Request(f"{server}/config", headers={"Origin": "https://evil.example"})
    with urllib.request.urlopen(request, timeout=20) as response:
        assert response.headers.get("Access-Control-Allow-Origin") is None


def test_reports_of_runs_are_shown_and_nothing_beside_them(server: str) -> None:
    with urllib.request.urlopen(f"{server}/reports", timeout=20) as response:
        assert "/reports/first%20run" in response.read().decode()
    with urllib.request.urlopen(f"{server}/reports/first%20run", timeout=20) as response:
        assert response.read() == b"<h1>a report</h1>"
    for name in ("..%2Fsecret", "%2e%2e", "nonsense"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{server}/reports/{name}", timeout=20)


def test_a_free_port_is_taken_when_asked_for() -> None:
    with listen("127.0.0.1", 0) as taken:
        assert isinstance(taken, socket.socket) and taken.getsockname()[1] > 0


CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
no_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("ONRECORD_NEED_BROWSER"),
    reason="no Chromium on this machine; on Debian: apt-get install chromium",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield opened
        opened.close()


class Held:
    """An engine that stops in mid-answer until it is let go."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.going_on = threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def stream(self, question: str, history: object) -> Iterator[object]:
        events = self._engine.stream(question)
        yield next(events)
        self.going_on.wait(20)
        yield from events


@pytest.mark.browser
@no_browser
def test_an_answer_can_be_stopped_and_cleared_away(browser: Browser, engine: Engine) -> None:
    from playwright.sync_api import expect

    held = Held(engine)
    with serving(held) as url:  # type: ignore[arg-type]
        page = browser.new_page()
        page.goto(url)
        box, chat = page.get_by_label("Your question"), page.locator("#chat")
        for button in ("Stop", "Clear"):
            held.going_on.clear()
            box.fill("who won the Sun Bluff Marathon?")
            box.press("Enter")
            expect(chat).to_contain_text("Reading the nearest", timeout=20_000)
            with page.expect_response("**/reset"):  # Gradio's last word on it
                page.get_by_role("button", name=button).click()
                expect(page.get_by_role("button", name="Ask")).to_be_visible()
                held.going_on.set()
            expect(chat).not_to_contain_text("Achterberg")
            assert page.locator(".source").count() == 0
            assert ("who won" in chat.inner_text()) == (button == "Stop")
        box.fill("who won the Sun Bluff Marathon?")
        box.press("Enter")
        expect(chat).to_contain_text("Achterberg", timeout=20_000)
        page.close()


@pytest.mark.browser
@no_browser
def test_ask_click_a_marker_see_the_highlight(
    server: str, browser: Browser, engine: Engine, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 1280, "height": 860})
    asked_of: set[str] = set()
    page.on("request", lambda request: asked_of.add(request.url.split("/")[2]))
    page.goto(server)
    box = page.get_by_label("Your question")
    box.fill("how many troops went to Tijuana?")
    box.press("Enter")
    marker = page.get_by_role("link", name="[1]").first
    marker.click(timeout=20_000)
    card = page.locator(".source.cited")
    expect(card.locator("mark")).to_contain_text("1,949")
    assert card.locator("mark").evaluate("e => getComputedStyle(e).backgroundColor") == (
        "rgb(255, 241, 168)"
    )
    expect(page.locator("#s1-1")).to_be_focused()
    page.get_by_role("button", name="Like", exact=True).first.click()
    box.fill(f"what is the capital of France? {EVIL}")
    box.press("Enter")
    expect(page.get_by_text("The articles do not say.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Nearest passages")).to_be_visible()
    expect(card).to_have_count(0)  # the mark was the last answer's
    assert page.locator("#sources").evaluate("e => e.scrollTop") == 0
    assert page.locator("#chat [aria-label*='<div']").count() == 0
    box.fill("   ")
    box.press("Enter")
    expect(page.get_by_text("the question is blank")).to_be_visible(timeout=20_000)
    page.screenshot(path=str(tmp_path / "chat.png"))
    page.close()
    marked = engine.marked()
    assert [(f.question, f.good) for f in marked] == [("how many troops went to Tijuana?", True)]
    assert asked_of == {server.removeprefix("http://")}, "the page loads nothing from elsewhere"

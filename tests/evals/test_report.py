"""The HTML report: everything there, everything escaped, nothing loaded, usable in a browser."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from corpus import OnRecordError
from evals.case import Case
from evals.report import plots, write_report
from evals.report.rows import rows
from evals.saved import Run
from evals.score import Report, score, score_case

EVIL = (
    "</script><img src=x onerror=\"document.title='owned'\">'\"&{{ 7*7 }}<script>alert(1)</script>"
)
BODY = f"The port opened in 1912. It cost 40 million {EVIL} dollars, the mayor said. It rained."
QUOTE = f"It cost 40 million {EVIL} dollars, the mayor said."
Scored = tuple[Run, Report]
KINDS = ("how_much", "which", f"odd {EVIL}")


def citation(n: int, quote: str = QUOTE, url: str = "https://paper.example/1") -> dict[str, Any]:
    start = BODY.index(quote) if quote in BODY else 3
    return {
        "n": n, "article_id": "a1", "title": f"Port {EVIL}", "outlet": f"Paper {EVIL}",
        "published": "2025-02-05T10:00:00+00:00", "url": url, "quote": quote,
        "start": start, "end": start + len(quote),
    }  # fmt: skip


def record(case: str, short: str, status: str, sure: float, **more: Any) -> dict[str, Any]:
    cited = [] if status == "abstained" else [citation(1, url=more.get("url", "https://x.example"))]
    nearest = [citation(0, BODY)] if status == "abstained" else []
    answer = {
        "question": "q", "answer": f"They say: {short} [1]. {EVIL}" if short else "Nothing.",
        "short": short, "status": status, "abstained": status == "abstained", "confidence": sure,
        "citations": cited,
        "claims": [{"value": short, "citations": [1], "independent_sources": 1,
                    "superseded": False}] if short else [],
        "nearest": nearest, "notice": EVIL, "seconds": {},
    }  # fmt: skip
    hit = {"article": "a1", "title": "Port", "source": "port.md", "start": 0, "end": len(BODY),
           "text": BODY}  # fmt: skip
    stands = [more.get("stands", c["quote"]) for c in [*cited, *nearest]]
    return {"case": case, "answer": answer, "stands": stands, "hits": [hit], "wall": 0.2 + sure}


def made(n: int = 12, folder: str = "second", turned: tuple[str, ...] = ()) -> Run:
    """A run of n cases: right, wrong, abstained and unanswerable in turn; those turned are right.

    The last is not run, the one before it was refused.
    """
    cases, answers = [], {}
    for number in range(n):
        role = number % 4
        name = f"case-{number}-{EVIL}"
        golds = () if role == 3 else ("40 million", f"forty {EVIL}")
        cases.append(
            Case(name, f"Question {number}? {EVIL}", golds, KINDS[number % 3], ((EVIL, EVIL),),
                 () if role == 3 else ("a1",), unanswerable=role == 3, note=EVIL, tags=(EVIL,))
        )  # fmt: skip
        short, status = ("40 million", "answered"), ("a wrong one", "tentative")
        chosen = (short, status, ("", "abstained"), status)[role]
        if str(number) in turned:
            chosen = short
        answers[name] = record(name, *chosen, 0.9 - 0.01 * number % 0.5)
    answers[cases[-2].id] = {"case": cases[-2].id, "error": f"refused {EVIL}"}
    del answers[cases[-1].id]
    info = {
        "set": f"sets/{EVIL}.jsonl", "set_hash": "1", "cases": n,
        "started": "2025-02-05T10:00:00+00:00", "settings": {"evil": EVIL, "passages_read": 12},
        "versions": {"onrecord": "0.1.0"}, "machine": EVIL,
    }  # fmt: skip
    return Run(Path(folder), info, cases, answers)


class Seen(HTMLParser):
    """What a browser would make of the page, as far as these tests care."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str, kind: str = "") -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and (not kind or kind in (attrs.get("class") or "").split())
        ]


@pytest.fixture(scope="module")
def one() -> Scored:
    run = made()
    return run, score(run)


@pytest.fixture(scope="module")
def page(one: Scored, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = write_report(*one, tmp_path_factory.mktemp("report") / "deep" / "report.html")
    return file.read_text("utf-8")


def test_hostile_text_is_text_and_nothing_else(page: str) -> None:
    seen = Seen(page)
    assert len(seen.of("script")) == 1 and "alert(1)" not in page.split("<script>")[1][:4000]
    assert not seen.of("img")
    assert not [a for _, attrs in seen.tags for a in attrs if a.startswith("on") and a != "one"]
    assert seen.text.count(EVIL) > 100, "it is all shown, to the letter"
    assert "49" not in {word.strip() for word in seen.text.split()}, "no template of theirs runs"


def test_nothing_is_loaded_and_only_its_own_script_may_run(page: str) -> None:
    seen = Seen(page)
    for tag, attrs in seen.tags:
        assert "src" not in attrs and "srcset" not in attrs and "style" not in attrs, tag
        if tag != "a":
            assert (attrs.get("href") or "data:,") == "data:,", tag
    assert not re.search(r"@import|url\(", page.partition("</style>")[0])
    policy = next(a["content"] for a in seen.of("meta") if a.get("http-equiv"))
    assert policy and "default-src 'none'" in policy and "script-src 'sha256-" in policy


def test_links_to_articles_go_to_the_web_or_nowhere(one: Scored, tmp_path: Path) -> None:
    run, report = one
    first = run.cases[0].id
    bad = record(first, "40 million", "answered", 0.9, url="javascript:alert(1)")
    text = write_report(
        replace(run, answers={**run.answers, first: bad}), report, tmp_path / "r.html"
    ).read_text("utf-8")
    hrefs = {a["href"] for a in Seen(text).of("a")}
    assert hrefs == {"#cases", "https://x.example", "https://paper.example/1"}


def test_all_cases_are_there_with_their_outcome(one: Scored, page: str) -> None:
    run, _ = one
    items = [a for a in Seen(page).of("li") if (a.get("id") or "").startswith("case-")]
    assert len(items) == len(run.cases) == 12
    marks = [a["data-is"] for a in items]
    assert marks[:4] == ["right", "wrong", "wrong abstained", "wrong overconfident"]
    assert marks[-2:] == ["wrong", ""], "refused is wrong; not run is not counted"
    text = Seen(page).text
    assert "abstained, though there is an answer" in text
    assert "not run, and so not counted" in text and f"not asked: refused {EVIL}" in text
    assert "first article where it stands found: number 1" in text


def test_quotes_are_marked_in_their_passage(one: Scored, page: str) -> None:
    seen = Seen(page)
    assert len(seen.of("mark")) == sum(
        len(r["answer"]["citations"]) for r in one[0].answers.values() if "answer" in r
    )
    assert re.search(r'opened in 1912\. <mark>It cost <b class="gold">40 million</b>', page)


def test_a_quote_no_passage_holds_stands_alone_and_what_is_inexact_is_flagged(
    one: Scored, tmp_path: Path
) -> None:
    run, report = one
    first = run.cases[0].id
    shifted = record(first, "40 million", "answered", 0.9, stands="t cost")
    shifted["answer"]["citations"] = [citation(1, "never written")]
    answers = {**run.answers, first: shifted}
    text = write_report(replace(run, answers=answers), report, tmp_path / "r.html").read_text()
    assert '<p class="passage"><mark>never written</mark></p>' in text
    assert "not exact" in text and "<q>t cost</q>" in text


def test_plots_have_a_point_for_each_value(one: Scored, page: str) -> None:
    _, report = one
    series = plots.series(report)
    (curve,) = Seen(page).of("polyline", "own")
    assert len((curve["points"] or "").split()) == len(
        plots.risk_coverage(series.confidences, series.right)
    )
    bins = plots.reliability(series.confidences, series.right)
    assert len(Seen(page).of("circle", "point")) == len(bins)
    shown = [int(a["data-n"] or 0) for a in Seen(page).of("rect", "column")]
    assert sum(shown) == len(series.seconds) == 10
    for plot in Seen(page).of("svg", "plot"):
        title, desc = (plot["aria-labelledby"] or "").split()
        assert plot["role"] == "img" and f'id="{title}"' in page and f'<desc id="{desc}"' in page


def test_tiles_show_value_interval_and_number(one: Scored, page: str) -> None:
    figure = one[1].metrics["right"]
    tile = page.partition('class="tile first"')[2].partition("</li>")[0]
    assert f"{100 * figure.value:.1f}" in tile and f"n = {figure.n}" in tile
    assert f"{100 * figure.low:.1f} to {100 * figure.high:.1f}" in tile


def test_a_run_without_answers_is_a_page_too(tmp_path: Path) -> None:
    run = replace(made(4), answers={})
    text = write_report(run, score(run), tmp_path / "r.html").read_text("utf-8")
    assert "Nothing scored yet" in text and text.count("not run, and so not counted") == 4


@pytest.fixture(scope="module")
def two() -> tuple[Scored, Scored]:
    """A run, and an earlier one of the same set."""
    after, before = made(turned=("1", "2")), made(folder="first", turned=("5",))
    return (after, score(after)), (before, score(before))


def test_two_runs_show_what_changed_in_both_directions(
    two: tuple[Scored, Scored], tmp_path: Path
) -> None:
    file = write_report(*two[0], tmp_path / "r.html", against=two[1])
    table = rows(*two[0], two[1], [])
    assert [row.change for row in table[:6]] == ["", "better", "better", "", "", "worse"]
    seen = Seen(file.read_text("utf-8"))
    items = [a["data-is"] or "" for a in seen.of("li") if (a.get("id") or "").startswith("case-")]
    assert ["changed" in mark for mark in items[:6]] == [False, True, True, False, False, True]
    assert "now right" in seen.text and "now wrong" in seen.text
    assert "first" in seen.text and "second" in seen.text
    values = [r.metrics["right"].value for _, r in two]
    assert f"{100 * (values[0] - values[1]):+.1f} points" in " ".join(seen.text.split())
    assert len(seen.of("polyline", "curve")) == 2


def test_runs_of_different_sets_are_refused(one: Scored, tmp_path: Path) -> None:
    other = replace(one[0], info={**one[0].info, "set_hash": "2"})
    with pytest.raises(OnRecordError, match="different sets"):
        write_report(*one, tmp_path / "r.html", against=(other, one[1]))


@pytest.mark.timeout(60)  # two seconds on an idle machine
def test_a_thousand_cases_are_written(one: Scored, tmp_path: Path) -> None:
    run = made(1000)
    report = replace(one[1], scores=[score_case(c, run.answers[c.id]) for c in run.cases[:-1]])
    file = write_report(run, report, tmp_path / "r.html")
    assert file.stat().st_size < 10_000_000


CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


@pytest.mark.browser
@pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("ONRECORD_NEED_BROWSER"),
    reason="no Chromium; on Debian: apt-get install chromium",
)
@pytest.mark.skipif(
    importlib.util.find_spec("playwright") is None, reason="no playwright: pip install playwright"
)
def test_filters_search_and_rows_work_in_a_browser(
    two: tuple[Scored, Scored], tmp_path: Path
) -> None:
    from playwright.sync_api import expect, sync_playwright

    file = write_report(*two[0], tmp_path / "r.html", against=two[1])
    wrong = sum(not s.right for s in two[0][1].scores)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        page = browser.new_page(viewport={"width": 400, "height": 800})
        asked, problems = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(file.as_uri())
        shown = page.locator("#list > li:visible")
        expect(shown).to_have_count(12)
        page.get_by_role("button", name=re.compile("^Wrong")).press("Enter")
        expect(shown).to_have_count(wrong)
        expect(page.get_by_role("status")).to_have_text(f"{wrong} of 12 cases shown")
        page.get_by_role("button", name=re.compile("^Now right")).click()
        expect(shown).to_have_count(2)
        shown.first.locator("summary").press("Enter")
        expect(shown.first.locator("mark").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^All")).click()
        page.get_by_label("Search").fill("question 7?")
        expect(shown).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        assert page.title() != "owned" and not problems
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        browser.close()

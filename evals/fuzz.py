"""Fuzzing the loaders: odd bytes must end in an article or in one line, soon and in little memory.

    python -m evals.fuzz feeds --inputs 100000 [--seed 1] [--json]
    python -m evals.fuzz feeds --inputs 100000 --guided     # coverage-guided, by atheris

Each loader runs in a process of its own, on inputs made from its seeds by `mutate`. A crash is
whatever is raised but ValueError and OnRecordError, or the death of the process; a hang is an input
that takes more than 5 s of processor time, which a busy machine does not stretch. The input of each
is written to `--out`. Exits with 4 where there was one, or more than 500 MB were used. Another
loader is one entry in `LOADERS`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.charset import to_text
from corpus.errors import OnRecordError
from corpus.feeds import parse_feed
from corpus.markup import feed_links, html_text
from corpus.opml import read_opml, write_opml
from corpus.robots import parse_robots
from evals.fuzz_files import FILE_LOADERS

LONGEST_SECONDS = 5.0
MOST_MEGABYTES = 500
BROKEN = 4
_LARGEST = 300_000
_HOME = "http://orra.example/feed"
_PATIENCE = 2.0

Read = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Loader:
    """Something that reads bytes from outside."""

    read: Read
    seeds: tuple[bytes, ...]
    """Small good inputs, from which odd ones are made."""
    tokens: tuple[bytes, ...] = ()
    """What means something to it."""


@dataclass(slots=True)
class Fuzzed:
    """What came of it."""

    loader: str
    inputs: int = 0
    read: int = 0
    """Inputs that something was made of; the others ended in a line."""
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    peak_megabytes: int = 0
    seconds: float = 0.0

    @property
    def broken(self) -> bool:
        """Whether a bound was broken."""
        return bool(self.crashes or self.hangs) or self.peak_megabytes > MOST_MEGABYTES


_RSS = b"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Orra Post</title>
<item><title>Dam &amp; bridge&nbsp;hold</title><link>http://orra.example/1</link><guid
isPermaLink="false">x1</guid><pubDate>Wed, 05 Feb 2025 10:00:00 EST</pubDate><dc:creator>A. Berg
</dc:creator><description><![CDATA[<p>The dam <b>held</b>.]]></description><content:encoded>
&lt;p&gt;All of it.&lt;/p&gt;</content:encoded></item><item><title>\xc3\x9cber</title>
<guid>http://orra.example/2</guid></item></channel></rss>"""
_ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://orra.example/"><title>Orra</title>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Dam <b>holds</b></div></title>
<link rel="alternate" href="dam"/><updated>2025-02-05T10:00:00+01:00</updated><author><name>A. Berg
</name></author><content type="html">&lt;p&gt;Held.</content></entry></feed>"""
_RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel><title>Orra</title></channel><item><title>Dam</title>
<link>http://orra.example/dam</link></item></rdf:RDF>"""
_JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Orra", "items": [{"id": "1",
"url": "/dam", "title": "Dam \\ud83d", "content_html": "<p>Held.", "date_published":
"2025-02-05T10:00:00Z", "authors": [{"name": "A. Berg"}]}]}"""
_PAGE = b"""<!doctype html><html><head><meta charset="iso-8859-1"><base href="/x/"><link
rel="alternate" type="application/rss+xml" href="feed"></head><body><p>Text &eacute;
<table><tr><td>1</table><script>x</script></body></html>"""
_XML_TOKENS = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [", b"<!ENTITY a '&b;&b;'>", b"]>", b"&a;",
    b"&#0;", b"&#x10FFFF;", b"&nbsp;", b"<?xml encoding='utf-16'?>", b"encoding='utf-7'", b"</",
    b"/>", b"<item>", b"</item>", b"<entry>", b"<title>", b"<link href='http://['/>", b"xmlns=''",
    b"xml:base='//'", b"<html>", b"<p>", b"<table>", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B",
    b"99999999999999999999", b"0001-01-01", b"\xed\xa0\x80",
)  # fmt: skip
_JSON_TOKENS = (b"[", b"{", b'"items":', b"1e999", b"\\ud800", b"null", b"-", b'"', b"[[[[[[[[")


def _read_feed(data: bytes) -> object:
    return parse_feed(to_text(data), _HOME)


def _read_markup(data: bytes) -> object:
    text = to_text(data)
    return html_text(text), feed_links(text, _HOME)


LOADERS: dict[str, Loader] = {
    "feeds": Loader(_read_feed, (_RSS, _ATOM, _RDF, _JSON), _XML_TOKENS + _JSON_TOKENS),
    "markup": Loader(_read_markup, (_PAGE, _RSS), _XML_TOKENS),
    "opml": Loader(read_opml, (write_opml([(_HOME, "Orra & Vale")]).encode(), _RSS), _XML_TOKENS),
    "robots": Loader(
        lambda data: parse_robots(to_text(data)).allows("/a/b?c=d"),
        (b"User-agent: *\nDisallow: /a*b$\nAllow: /%C3%A9\nCrawl-delay: 5\n",),
        (b"*", b"$", b"*a*a*a*a", b"\nUser-agent: onrecord\n", b"Crawl-delay: nan", b"%", b"#"),
    ),
}  # fmt: skip
LOADERS |= {name: Loader(*parts) for name, parts in FILE_LOADERS.items()}


def mutate(loader: Loader, seed: int) -> bytes:
    """One odd input, the same for the same seed."""
    dice = random.Random(seed)
    data = bytearray(dice.choice(loader.seeds))
    for _ in range(dice.randint(1, 8)):
        _change(data, dice, loader)
    if dice.random() < 0.03:
        return bytes(data[:_LARGEST]).decode("utf-8", "replace").encode("utf-16")
    return bytes(data[:_LARGEST])


def _change(data: bytearray, dice: random.Random, loader: Loader) -> None:
    at = dice.randint(0, len(data))
    to = min(len(data), at + int(dice.paretovariate(0.7)))
    kind = dice.randrange(7)
    if kind == 0:
        data[at:to] = b""
    elif kind == 1:  # now and then many times over, for what takes time squared
        times = dice.choice((1, 2, 5, 50, 5000))
        data[at:at] = bytes(data[at:to] * times)[:_LARGEST]
    elif kind == 2:
        data[at:to] = dice.randbytes(to - at)
    elif kind == 3 and loader.tokens:
        data[at:at] = dice.choice(loader.tokens) * dice.choice((1, 1, 1, 3, 300, 20_000))
    elif kind == 4 and data:
        data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)
    elif kind == 5:
        other = dice.choice(loader.seeds)
        data[at:to] = other[dice.randint(0, len(other)) :]
    else:
        del data[at:]
    del data[_LARGEST:]


def fuzz(name: str, inputs: int, seed: int, out: Path) -> Fuzzed:
    """Run a loader on so many inputs, in a process that is started again where it dies."""
    found = Fuzzed(name)
    started, first = time.perf_counter(), 0
    while first < inputs:
        ours, theirs = multiprocessing.Pipe()
        child = multiprocessing.Process(target=_run, args=(theirs, name, first, inputs, seed))
        child.start()
        theirs.close()
        first = _watch(ours, child, found, first, seed, out)
        child.join()
    found.seconds = round(time.perf_counter() - started, 1)
    found.inputs = inputs
    return found


def _run(pipe: Any, name: str, first: int, inputs: int, seed: int) -> None:
    """In the child: read inputs, and tell of each only where there is something to tell."""
    loader = LOADERS[name]
    read, slowest = 0, 0.0
    for n in range(first, inputs):
        data = mutate(loader, seed * 1_000_000_007 + n)
        pipe.send(("at", n))
        began, problem = time.process_time(), ""
        # Ends the process, wherever it is, once it has used that much processor time.
        signal.setitimer(signal.ITIMER_PROF, _PATIENCE * LONGEST_SECONDS)
        try:
            loader.read(data)
            read += 1
        except (ValueError, OnRecordError):
            pass
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"[:200]
        took = time.process_time() - began
        slowest = max(slowest, took)
        if problem:
            pipe.send(("crash", n, problem))
        if took > LONGEST_SECONDS:
            pipe.send(("hang", n, f"{took:.1f} s"))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    pipe.send(("end", read, slowest, used))


def _watch(  # noqa: PLR0913, PLR0917 - a child and all that is noted of it
    pipe: Any, child: Any, found: Fuzzed, first: int, seed: int, out: Path
) -> int:
    """Take in what the child tells. Returns the input to go on with."""
    at = first

    def keep(kind: str, n: int, what: str) -> str:
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{found.loader}-{kind}-{seed}-{n}"
        file.write_bytes(mutate(LOADERS[found.loader], seed * 1_000_000_007 + n))
        return f"{file}: {what}"

    while True:
        try:
            kind, *rest = pipe.recv()
        except EOFError:
            child.join()
            if child.exitcode == -signal.SIGPROF:
                found.hangs.append(keep("hang", at, "killed"))
                return at + 1
            found.crashes.append(keep("crash", at, f"the process died ({child.exitcode})"))
            return at + 1
        if kind == "at":
            at = rest[0]
        elif kind == "crash":
            found.crashes.append(keep("crash", *rest))
        elif kind == "hang":
            found.hangs.append(keep("hang", *rest))
        else:
            found.read += rest[0]
            found.slowest_seconds = round(max(found.slowest_seconds, rest[1]), 3)
            found.peak_megabytes = max(found.peak_megabytes, rest[2])
            return sys.maxsize


def guided(name: str, inputs: int, out: Path) -> None:
    """Coverage-guided, by atheris; does not return. libFuzzer prints what it finds."""
    import atheris

    loader = LOADERS[name]
    seeds = out / f"{name}-seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for n, data in enumerate(loader.seeds):
        (seeds / str(n)).write_bytes(data)
    words = out / f"{name}.dict"
    escaped = ("".join(f"\\x{byte:02x}" for byte in token) for token in loader.tokens)
    words.write_text("".join(f'"{token}"\n' for token in escaped), encoding="ascii")

    def one(data: bytes) -> None:
        with contextlib.suppress(ValueError, OnRecordError):
            loader.read(data)

    limits = [f"-runs={inputs}", "-max_len=20000", f"-timeout={LONGEST_SECONDS:.0f}",
              f"-rss_limit_mb={MOST_MEGABYTES}", f"-dict={words}", f"-artifact_prefix={out}/",
              "-print_final_stats=1"]  # fmt: skip
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *limits, str(seeds)], one)
    atheris.Fuzz()


def _print(one: Fuzzed) -> None:
    print(
        f"{one.loader}: {one.inputs:,} inputs in {one.seconds:g} s, {one.read:,} read; "
        f"{len(one.crashes)} crashes, {len(one.hangs)} hangs; "
        f"slowest {one.slowest_seconds:g} s, peak {one.peak_megabytes} MB",
        flush=True,
    )
    for line in (*one.crashes[:20], *one.hangs[:20]):
        print(f"  {line}")


def main() -> None:
    """Fuzz and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.fuzz", description=__doc__)
    parser.add_argument("loader", choices=[*LOADERS, "all"])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("runs/fuzz"))
    parser.add_argument("--guided", action="store_true", help="by atheris: pip install atheris")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.guided:
        guided(given.loader, given.inputs, given.out)
        return
    names = list(LOADERS) if given.loader == "all" else [given.loader]
    done = []
    for name in names:
        done.append(fuzz(name, given.inputs, given.seed, given.out))
        if not given.json:
            _print(done[-1])
    if given.json:
        print(json.dumps([asdict(one) for one in done], indent=2))
    sys.exit(BROKEN if any(one.broken for one in done) else 0)


if __name__ == "__main__":
    main()

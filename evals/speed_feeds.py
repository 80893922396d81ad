"""How long `onrecord feeds update` takes, the first time and when nothing has changed.

    python -m evals.speed_feeds [--feeds 50] [--items 100] [--json]

A server on loopback serves the feeds and their pages; the command line runs as a process of its
own on an empty data folder, and its start is part of the time. There is no pause between requests,
which is for other people's servers. The second and third update may fetch no page; every page
asked for is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from index.library import Library
from index.sources import Sources

_SENTENCES = 5


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = self.server.body(self.path)
        tag = f'"{self.path}"'
        same = self.headers["If-None-Match"] == tag
        self.send_response(404 if body is None else 304 if same else 200)
        sent = b"" if same or body is None else body
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, items: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self._items = items

    def body(self, path: str) -> bytes | None:
        """A feed at /N, a page at /N/M."""
        parts = path.strip("/").split("/")
        if not all(part.isdigit() for part in parts):
            return None
        return self._page(*parts) if len(parts) == 2 else self._feed(parts[0])

    def _feed(self, feed: str) -> bytes:
        items = "".join(
            f"<item><title>Story {n} of {feed}</title><link>http://{self.host}/{feed}/{n}</link>"
            "<pubDate>Wed, 05 Feb 2025 10:00:00 GMT</pubDate></item>"
            for n in range(self._items)
        )
        return f"<rss><channel><title>Paper {feed}</title>{items}</channel></rss>".encode()

    def _page(self, feed: str, item: str) -> bytes:
        text = " ".join(
            f"The council of place {feed} counted {int(item) * 7 + n} boats on day {n}, it said."
            for n in range(_SENTENCES)
        )
        title = f"Story {item} of {feed}"
        return (
            f"<html><head><title>{title}</title></head><body><nav>Home</nav><article>"
            f"<h1>{title}</h1><p>{text}</p></article><footer>All rights</footer></body></html>"
        ).encode()


def measure(feeds: int, items: int, folder: Path) -> dict[str, Any]:
    """Seconds and requests of two updates."""
    server = _Server(items)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    library = Library(folder / "library.db")
    for n in range(feeds):
        Sources(library).add(f"http://{server.host}/{n}", f"Paper {n}", 900)
    library.close()
    found: dict[str, Any] = {"feeds": feeds, "items a feed": items}
    for label in ("first", "second", "third"):
        server.asked.clear()
        started, used = time.perf_counter(), _cpu_seconds()
        done = _update(folder, server.host)
        found[f"{label} update, s"] = round(time.perf_counter() - started, 2)
        found[f"{label} update, s of processor time"] = round(_cpu_seconds() - used, 2)
        asked = [path for path in server.asked if path != "/robots.txt"]
        found[f"{label} update, feeds asked for"] = sum(path.count("/") == 1 for path in asked)
        found[f"{label} update, pages asked for"] = sum(path.count("/") == 2 for path in asked)
        found[f"{label} update, articles added"] = len(done["added"])
        found[f"{label} update, feeds that failed"] = sum(bool(f["error"]) for f in done["feeds"])
    server.shutdown()
    return found


def _cpu_seconds() -> float:
    """Of the commands run so far: what a busy machine does not stretch."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _update(folder: Path, host: str) -> dict[str, Any]:
    words = ["feeds", "update", "--json", "--pause", "0", "--data", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "evals.cli", *words, "--allow-host", host],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed_feeds", description=__doc__)
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given.feeds, given.items, Path(folder))
    if given.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:40} {value}")


if __name__ == "__main__":
    main()

"""A real HTTP server on loopback that serves feeds and pages, and misbehaves when told to."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; what is answered is looked up in the site."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        site: Site = self.server.site
        with site.lock:
            site.asked.append((self.path, dict(self.headers)))
        answer = site.answers.get(self.path)
        try:
            if answer is None:
                self.reply(b"nothing here", status=404)
            else:
                answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("content_length", str(len(body)))
        for name, value in headers.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Nothing: clients go away in mid-answer here, as they should."""


class Site:
    """The server. Use it as a context manager."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.site = self  # type: ignore[attr-defined]
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Site:
        serve = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        with self.lock:
            return [path for path, _ in self.asked if path != "/robots.txt"]

    def put(self, path: str, body: bytes | str, *, etag: str = "", **headers: str) -> str:
        """Serve a body, and 304 to who has it already. Returns its address."""
        data = body.encode() if isinstance(body, str) else body

        def answer(handler: Handler) -> None:
            if etag and handler.headers["If-None-Match"] == etag:
                handler.reply(b"", status=304, etag=etag)
            else:
                handler.reply(data, etag=etag, **headers)

        self.answers[path] = answer
        return self.url + path

    def put_status(self, path: str, status: int, **headers: str) -> str:
        """Serve an error, or a redirect with its `location`."""
        self.answers[path] = lambda handler: handler.reply(b"no", status=status, **headers)
        return self.url + path


def slow(handler: Handler) -> None:
    """Nothing at all for a long time."""
    time.sleep(5)


def dripping_head(handler: Handler) -> None:
    """A header that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_body(handler: Handler) -> None:
    """A body that never ends, a byte at a time: no single wait is long."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    """Chunk after chunk."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for _ in range(4000):
        handler.wfile.write(piece)


def truncated(handler: Handler) -> None:
    """Less than was promised."""
    handler.reply(b"<html><body>It began", content_length="5000")
    handler.close_connection = True


def rude(handler: Handler) -> None:
    """The line is cut without a word."""
    handler.close_connection = True
    handler.connection.close()


def not_http(handler: Handler) -> None:
    """Another protocol."""
    handler.wfile.write(b"220 mail.example ESMTP\r\n")
    handler.close_connection = True


@cache
def bomb(megabytes: int) -> bytes:
    """A small body that swells."""
    return gzip.compress(b"\0" * (megabytes << 20), 9)


def page(title: str, body: str = "", *, published: str = "") -> str:
    """A page with an article in it."""
    date = f'<meta property="article:published_time" content="{published}">' if published else ""
    text = body or " ".join(
        f"{title} is what they talk about in Orra, said witness number {n}." for n in range(6)
    )
    return (
        f"<!doctype html><html><head><title>{title}</title>{date}</head><body><nav>Home</nav>"
        f"<article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


def rss(items: list[tuple[str, str]], title: str = "Orra Post", extra: str = "") -> str:
    """An RSS feed of (address, title); `extra` goes into every item."""
    listed = "".join(
        f"<item><title>{name}</title><link>{url}</link>{extra}</item>" for url, name in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>http://orra.example/</link>{listed}</channel></rss>"
    )


def http_date(seconds: float) -> str:
    """A moment as HTTP headers have it."""
    return formatdate(seconds, usegmt=True)

"""Fetching pages and feeds: politely, from the public internet only, and never without end."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import metadata
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from corpus.address import Place, RefusedError, Resolve, check_url, resolve
from corpus.body import Fetched, FetchError, take
from corpus.pace import Pace
from corpus.robots import MAX_BYTES as ROBOTS_BYTES
from corpus.robots import NAME, Robots, parse_robots

if TYPE_CHECKING:
    from corpus.connect import Clock

_RULES_FOR = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How things are fetched. Make variants with `dataclasses.replace`."""

    allow_hosts: tuple[str, ...] = ()
    """Hosts, as `name` or `name:port`, that may be anywhere, this machine included."""
    pause: float = 1.0
    """Seconds between two requests to one host."""
    timeout: float = 20.0
    """Seconds for which one wait for a server may last."""
    total: float = 60.0
    """Seconds for which one fetch may last with all its waits, without the pauses before it."""
    max_bytes: int = 20_000_000
    """Of one body, before and after decompression."""
    retries: int = 1
    """How often something that failed for the moment is tried again at once."""
    backoff: float = 1.0
    """Seconds before that, unless the server says how long."""
    longest_wait: float = 30.0
    """Seconds waited at most when the server says how long; more is left for another time."""
    redirects: int = 5
    workers: int = 8
    """Hosts asked at the same time."""


class Fetcher:
    """Fetches one thing at a time in each thread; keeps its manners over all of them."""

    def __init__(
        self,
        settings: FetchSettings | None = None,
        ask: Resolve = resolve,
        pace: Pace | None = None,
    ) -> None:
        """Make one; nothing is connected to yet.

        Args:
            settings: How it fetches.
            ask: The resolver of host names.
            pace: The manners to keep, where they are shared with another.
        """
        from corpus.connect import Clock, make_client

        self.settings = settings or FetchSettings()
        self._pace = pace or Pace(self.settings.pause)
        self._clock = Clock()
        self._client = make_client(
            self.settings.allow_hosts,
            ask,
            self._clock,
            timeout=self.settings.timeout,
            connections=self.settings.workers + 4,
        )
        self._agent = user_agent()
        self._rules: dict[str, tuple[float, Robots]] = {}
        self._reading_rules: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Fetch a URL, or learn that it is what it was.

        Args:
            url: Of http or https.
            etag: What the server called its last answer.
            last_modified: When that was changed last, in the server's words.

        Raises:
            FetchError: it could not be had.
            RefusedError: it, or where it leads, is not fetched at all.
        """
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        for left in range(self.settings.retries, -1, -1):
            try:
                return self._follow(url, headers)
            except FetchError as error:
                wait = self.settings.backoff if error.wait is None else error.wait
                if not (error.again and left) or wait > self.settings.longest_wait:
                    raise
                time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        """Fetch a URL over a few redirects, each checked like the first."""
        budget = _Budget(self.settings.total)
        for _ in range(self.settings.redirects + 1):
            place = check_url(url, self.settings.allow_hosts)
            self._check_resting(place.host)
            rules = self._robots(place, budget)
            if not rules.allows(_path(url)):
                raise FetchError("the site's robots.txt asks programs not to fetch it")
            found = self._once(url, place, headers, budget, rules.delay)
            if isinstance(found, Fetched):
                return found
            url = _next(url, found)
        raise FetchError(f"more than {self.settings.redirects} redirects, or a loop of them")

    def _check_resting(self, host: str) -> None:
        seconds, why = self._pace.resting(host)
        if seconds:
            text = f"{host} is left alone for now ({why})"
            raise FetchError(text, again=True, wait=seconds, resting=True)

    def _once(
        self, url: str, place: Place, headers: dict[str, str], budget: _Budget, delay: float
    ) -> Fetched | str:
        """One request: what came, or where it is said to be."""
        self._pace.wait(place.host, delay)
        try:
            with budget.running(self._clock):
                found = self._exchange(url, headers, self.settings.max_bytes)
        except FetchError as error:
            if error.again and not 200 <= error.status < 300:
                self._pace.silent(place.host, str(error))
            elif error.status:
                self._pace.answered(place.host)
            if error.wait is not None:
                self._pace.rest(place.host, error.wait, str(error))
            raise
        self._pace.answered(place.host)
        return found

    def _exchange(self, url: str, headers: dict[str, str], max_bytes: int) -> Fetched | str:
        from corpus import connect

        try:
            with self._client.stream("GET", url, headers=headers) as response:
                return take(response, url, max_bytes)
        except connect.TIMED_OUT:
            raise FetchError(self._too_slow(), again=True) from None
        except connect.CANNOT_CONNECT as error:
            raise FetchError(f"cannot connect: {_reason(error)}", again=True) from None
        except connect.FAILURE as error:
            raise FetchError(f"the answer broke off: {_reason(error)}", again=True) from None

    def _too_slow(self) -> str:
        given = self.settings
        return f"too slow: {given.timeout:g} s without a byte, or {given.total:g} s in all"

    # -- robots.txt -----------------------------------------------------------------------

    def _robots(self, place: Place, budget: _Budget) -> Robots:
        """The rules of a site, asked for once an hour."""
        with self._lock:
            one_at_a_time = self._reading_rules.setdefault(place.origin, threading.Lock())
        with one_at_a_time:
            until, rules = self._rules.get(place.origin, (0.0, Robots()))
            if until < time.monotonic():
                rules = parse_robots(self._robots_text(place, budget))
                self._rules[place.origin] = (time.monotonic() + _RULES_FOR, rules)
        return rules

    def _robots_text(self, place: Place, budget: _Budget) -> str:
        """A site's robots.txt; "" where it has none, for a refusal means no rules (RFC 9309)."""
        url = f"{place.origin}/robots.txt"
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"}
        try:
            for _ in range(self.settings.redirects + 1):
                there = check_url(url, self.settings.allow_hosts)
                found = self._once(url, there, headers, budget, 0.0)
                if isinstance(found, Fetched):
                    return found.text[:ROBOTS_BYTES]
                url = _next(url, found)
        except FetchError as error:
            if 200 <= error.status < 300:  # nothing in it: no rules
                return ""
            if error.again:
                raise FetchError(
                    f"the site's robots.txt could not be had: {error}",
                    again=True,
                    status=error.status,
                    wait=error.wait,
                    resting=error.resting,
                ) from error
        return ""


class _Budget:
    """Seconds that one fetch may still spend with servers; pauses between them are not counted."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @contextmanager
    def running(self, clock: Clock) -> Iterator[None]:
        started = time.monotonic()
        clock.until = started + self._left
        try:
            yield
        finally:
            self._left -= time.monotonic() - started
            clock.until = float("inf")


def user_agent() -> str:
    """What we call ourselves: name, version and, where the project has one, its address."""
    known = metadata("onrecord")
    links = [entry.partition(",")[2].strip() for entry in known.get_all("Project-URL") or ()]
    return f"{NAME}/{known['Version']}" + (f" (+{links[0]})" if links else "")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _next(url: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(url, location.strip()).split("#")[0]
    except ValueError:
        raise RefusedError("it redirects to something that is not a web address") from None


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "CERTIFICATE" in text.upper():
        return "its certificate is not valid"
    text = re.sub(r"^\[Errno -?\d+\] ", "", text)
    return text[:120].lower() or type(error).__name__

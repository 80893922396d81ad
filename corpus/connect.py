"""Connections that lead only where they may: httpx over httpcore, with addresses checked."""

from __future__ import annotations

import ssl
import threading
import time
import typing
from collections.abc import Iterable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from corpus.address import Resolve, vetted

FAILURE = (httpx.HTTPError, httpx.InvalidURL, httpcore.TimeoutException, httpcore.NetworkError,
           httpcore.ProtocolError, httpcore.UnsupportedProtocol)  # fmt: skip
"""What goes wrong between asking and the end of an answer."""
TIMED_OUT = (httpx.TimeoutException, httpcore.TimeoutException)
CANNOT_CONNECT = (httpx.ConnectError, httpcore.ConnectError)


class Clock(threading.local):
    """Until when the exchange of this thread may go on; no single wait is longer."""

    until = float("inf")

    def left(self, timeout: float | None) -> float:
        """Seconds until then, or the timeout where that is sooner."""
        left = self.until - time.monotonic()
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with its exchange: a server may not drip for ever."""

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._clock.left(timeout)
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._inner.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._clock.left(timeout)
        if left <= 0:
            raise httpcore.WriteTimeout
        self._inner.write(buffer, left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = max(self._clock.left(timeout), 0.001)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._clock)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Looks a host up once, checks every address, and connects to what was checked.

    TLS and the Host header keep the name, which httpcore takes from the URL.
    """

    def __init__(self, allow: Iterable[str], ask: Resolve, clock: Clock) -> None:
        self._allow = tuple(allow)
        self._ask = ask
        self._clock = clock
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: typing.Any = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = vetted(host, port, self._allow, self._ask, self._clock.left(timeout))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        last: Exception = httpcore.ConnectTimeout()
        for address in addresses:
            left = self._clock.left(timeout)
            if left <= 0:
                break
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
                return _Stream(stream, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


class _Body(httpx.SyncByteStream):
    def __init__(self, inner: Iterable[bytes]) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        close = getattr(self._inner, "close", None)
        if close:
            close()


class _Transport(httpx.BaseTransport):
    def __init__(self, backend: _Backend, connections: int) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=connections,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, extensions=request.extensions
            )
        )
        body = typing.cast("Iterable[bytes]", answer.stream)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(body), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


def make_client(
    allow: Iterable[str], ask: Resolve, clock: Clock, *, timeout: float, connections: int
) -> httpx.Client:
    """A client that connects to checked addresses only, follows nothing and remembers nothing.

    The environment is not asked for a proxy: a proxy would look the host up again by itself and
    connect wherever it likes, so that nothing checked here would hold.
    """
    return httpx.Client(
        transport=_Transport(_Backend(allow, ask, clock), connections),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )

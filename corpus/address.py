"""Which addresses may be fetched: http and https, on the public internet, or allowed by name."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.errors import OnRecordError

Resolve = Callable[[str, int], list[str]]
"""From a host and a port to its addresses as text."""

PORTS = frozenset([80, 443, 8080, 8443])
"""Where the web is served. Others belong to mail, databases and the like, which a redirect
could be used to speak to; a host allowed by name may use any."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LONGEST = 2000


class RefusedError(OnRecordError):
    """An address that is not fetched, whatever is there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """The start of all URLs of this place."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def looks_like_url(text: str) -> bool:
    """Whether something given among paths is meant as a URL, fetched or refused."""
    return re.match(r"[a-z][a-z0-9+.-]+://", text, re.I) is not None


def check_url(url: str, allow: Iterable[str] = ()) -> Place:
    """The place a URL leads to, as far as can be told before its host is looked up.

    Raises:
        RefusedError: another scheme than http and https, a user name in it, a port that is not
            the web's, or no URL at all.
    """
    if len(url) > _LONGEST or re.search(r"[\x00-\x20\x7f]", url):
        raise RefusedError("not a web address (too long, or with blanks)")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise RefusedError("not a web address") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedError(f"only http and https are fetched, not {parts.scheme or 'this'}")
    if not host:
        raise RefusedError("not a web address (no host)")
    if parts.username or parts.password:
        raise RefusedError("addresses with a user name or password in them are not fetched")
    place = Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))
    if place.port not in PORTS and not is_allowed(place.host, place.port, allow):
        raise RefusedError(
            f"port {place.port} is not the web's; to allow it: --allow-host {host}:{place.port}"
        )
    return place


def is_allowed(host: str, port: int, allow: Iterable[str]) -> bool:
    """Whether a host is allowed by its very name, as `name` or `name:port`."""
    host = host.casefold().rstrip(".").strip("[]")
    shown = f"[{host}]" if ":" in host else host
    names = {name.strip().casefold() for name in allow}
    return not names.isdisjoint({host, shown, f"{shown}:{port}"})


def is_public(address: str) -> bool:
    """Whether an address is on the public internet: not this machine, nor a network around it."""
    try:
        ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour  # IPv4 in IPv6's clothes
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    # Multicast and some reserved ranges are "global" to the registry, but nobody's web server.
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def resolve(host: str, port: int) -> list[str]:
    """A host's addresses by the system's resolver.

    Raises:
        OSError: there is no such host, or nobody to ask.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def vetted(host: str, port: int, allow: Iterable[str], ask: Resolve, seconds: float) -> list[str]:
    """The addresses of a host, asked for once and all of them checked.

    Whoever connects must connect to one of these and not to the name: asked again, a hostile
    name server would give another address.

    Raises:
        RefusedError: one of them is not on the public internet and the host not allowed by name.
        OSError: the host cannot be looked up.
        TimeoutError: looking it up takes longer than `seconds`.
    """
    addresses = _ask_within(host, port, ask, seconds)
    if is_allowed(host, port, allow):
        return addresses
    for address in addresses:
        if not is_public(address):
            raise RefusedError(
                f"{host} is at {address}, which is not on the public internet; "
                f"if that is wanted: --allow-host {host}"
            )
    return addresses


def _ask_within(host: str, port: int, ask: Resolve, seconds: float) -> list[str]:
    """Look a host up in a thread that may be left behind: the system's resolver has no limit."""
    found: list[list[str]] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(ask(host, port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    if failed or (found and not found[0]):
        raise OSError("there is no such host")
    if not found:
        raise TimeoutError("its name could not be looked up in time")
    return found[0]

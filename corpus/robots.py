"""robots.txt: what a site asks programs to leave alone (RFC 9309).

The standard library's reader knows no `*` and `$` and takes the first rule that fits instead of
the longest; others turn a site's rules into regular expressions, which a hostile site can make
take for ever. This one reads in time linear in the rules and the path.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

NAME = "onrecord"
MAX_BYTES = 500_000
_MOST_RULES = 5000


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site for us."""

    rules: tuple[tuple[bool, str], ...] = ()
    """(allowed, pattern), in any order: the longest that fits counts."""
    delay: float = 0.0
    """Seconds between requests that the site asks for."""

    def allows(self, path: str) -> bool:
        """Whether a path, with its query, may be fetched."""
        path = _plain(path or "/")
        if path == "/robots.txt":
            return True
        best, allowed = -1, True
        for allow, pattern in self.rules:
            longer = len(pattern) > best or (len(pattern) == best and allow)
            if longer and _fits(pattern, path):
                best, allowed = len(pattern), allow
        return allowed


def parse_robots(text: str, name: str = NAME) -> Robots:
    """The rules for one program: those that name it, else those for all."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    naming = False
    for line in text[:MAX_BYTES].splitlines():
        key, _, value = line.split("#", 1)[0].partition(":")
        key, value = key.strip().casefold(), value.strip()
        if key == "user-agent":
            agents = agents if naming else []
            naming = True
            agent = value.split("/", maxsplit=1)[0].strip().casefold()  # "onrecord/1.0"
            if agent in (name.casefold(), "*"):  # of a list of many, only these concern us
                agents.append(agent)
                groups.setdefault(agent, [])
        elif key in ("allow", "disallow", "crawl-delay"):
            naming = False
            for agent in dict.fromkeys(agents):
                groups[agent].append((key, value))
    own = groups.get(name.casefold(), groups.get("*", []))
    rules = [
        (key == "allow", _plain(value)) for key, value in own if key != "crawl-delay" and value
    ]
    return Robots(tuple(rules[:_MOST_RULES]), _delay(own))


def _delay(entries: list[tuple[str, str]]) -> float:
    for key, value in entries:
        if key == "crawl-delay":
            try:
                found = float(value)
            except ValueError:
                return 0.0
            return found if 0 < found < float("inf") else 0.0
    return 0.0


def _plain(path: str) -> str:
    """A path with its escapes written one way."""
    return quote(unquote(path), safe="/?&=*$+,;:@!'()~%[]|")


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern with `*` and a closing `$` fits the start of a path."""
    whole = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for n, part in enumerate(rest):
        if whole and n == len(rest) - 1:  # the last piece must be the end
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at == len(path) if whole else True

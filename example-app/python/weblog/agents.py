"""Tells bots from browsers by the user agent they send.

    classify("Mozilla/5.0 … Firefox/145.0")  ->  Agent("Firefox", Kind.BROWSER)
    classify("QuillSpider/2.0")              ->  Agent("QuillSpider", Kind.BOT)

The patterns are data: `data/agents.json`, tried from the top, bots before browsers. A row is
`[pattern, name]`; without a name, the pattern's first group is the name.
"""

import enum
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

__all__ = ["Agent", "Kind", "classify"]


class Kind(enum.Enum):
    """Who is asking."""

    BROWSER = "browser"
    BOT = "bot"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Agent:
    """A program that sends requests, without its version."""

    name: str
    kind: Kind


_UNKNOWN = Agent("unknown", Kind.UNKNOWN)


@lru_cache(maxsize=4096)
def classify(user_agent: str | None) -> Agent:
    """Names the program behind a `User-Agent` header."""
    if user_agent is None:
        return _UNKNOWN
    for pattern, name, kind in _patterns():
        if match := pattern.search(user_agent):
            return Agent(name or match[1], kind)
    return _UNKNOWN


@cache
def _patterns() -> list[tuple[re.Pattern[str], str | None, Kind]]:
    text = resources.files("weblog").joinpath("data", "agents.json").read_text("utf-8")
    tables = json.loads(text)
    return [
        (re.compile(pattern, re.IGNORECASE), name, kind)
        for key, kind in (("bots", Kind.BOT), ("browsers", Kind.BROWSER))
        for pattern, name in tables[key]
    ]

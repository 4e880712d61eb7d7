"""Which entries to look at: the options `--since` … `--bots` as one predicate.

    keep = Filter(statuses=parse_statuses("404,5xx"), paths=("/blog/*",))
    [entry for entry in entries if keep(entry)]
"""

import enum
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from weblog.agents import Kind, classify
from weblog.model import Entry

__all__ = ["Bots", "Filter", "parse_host", "parse_since", "parse_statuses", "parse_until"]


class Bots(enum.Enum):
    """What to do with requests from bots."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    ONLY = "only"


Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Filter:
    """Keeps the entries that satisfy every condition; an empty condition is satisfied."""

    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    statuses: tuple[range, ...] = ()
    paths: tuple[str, ...] = ()
    """Shell patterns, any of which may match."""
    hosts: tuple[Network | str, ...] = ()
    """Networks, or shell patterns for host names."""
    bots: Bots = Bots.INCLUDE

    def __call__(self, entry: Entry) -> bool:
        return (
            (self.since is None or entry.time >= self.since)
            and (self.until is None or entry.time < self.until)
            and (not self.statuses or any(entry.status in some for some in self.statuses))
            and (not self.paths or any(fnmatchcase(entry.path, glob) for glob in self.paths))
            and (not self.hosts or any(_host_matches(entry.host, some) for some in self.hosts))
            and self._wants(classify(entry.agent).kind)
        )

    def describe(self) -> list[str]:
        """The conditions for people: `["since 2026-11-16 09:00", "status 404, 500-599"]`."""
        parts = []
        if self.since is not None:
            parts.append(f"since {self.since:%Y-%m-%d %H:%M:%S}")
        if self.until is not None:
            parts.append(f"until {self.until:%Y-%m-%d %H:%M:%S}")
        if self.statuses:
            parts.append("status " + ", ".join(map(_describe_range, self.statuses)))
        if self.paths:
            parts.append("path " + ", ".join(self.paths))
        if self.hosts:
            parts.append("host " + ", ".join(map(str, self.hosts)))
        if self.bots is not Bots.INCLUDE:
            parts.append("without bots" if self.bots is Bots.EXCLUDE else "only bots")
        return parts

    def _wants(self, kind: Kind) -> bool:
        match self.bots:
            case Bots.INCLUDE:
                return True
            case Bots.EXCLUDE:
                return kind is not Kind.BOT
            case Bots.ONLY:
                return kind is Kind.BOT


def parse_statuses(text: str) -> tuple[range, ...]:
    """`404`, `5xx`, `400-417`, or several with commas between; raises `ValueError`."""
    return tuple(_parse_status(part.strip()) for part in text.split(","))


def parse_since(text: str) -> datetime:
    """An ISO 8601 date or time, UTC unless it has an offset; raises `ValueError`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-03-16 or 2026-03-16T09:30"
        raise ValueError(f"`{text}` is not a date or time such as {example}") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_until(text: str) -> datetime:
    """As `parse_since`, but a bare date means its end: `--until 2026-11-16` includes that day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return parse_since(text)
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def parse_host(text: str) -> Network | str:
    """An address, a network such as `192.0.2.0/24`, or a shell pattern for host names."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        if "/" in text:
            raise ValueError(f"`{text}` is not a network such as 192.0.2.0/24") from None
        return text


_STATUS = re.compile(r"([1-5])xx|([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?", re.IGNORECASE)


def _parse_status(text: str) -> range:
    match = _STATUS.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is not a status such as 404, 5xx or 400-417")
    hundreds, first, last = match.groups()
    if hundreds:
        return range(int(hundreds) * 100, int(hundreds) * 100 + 100)
    statuses = range(int(first), int(last or first) + 1)
    if not statuses:
        raise ValueError(f"`{text}` ends before it starts; write the lower status first")
    return statuses


def _describe_range(statuses: range) -> str:
    first, last = statuses[0], statuses[-1]
    return str(first) if first == last else f"{first}-{last}"


# A log repeats few hosts many times, and parsing addresses is slow.
@lru_cache(maxsize=4096)
def _host_matches(host: str, wanted: Network | str) -> bool:
    if isinstance(wanted, str):
        return fnmatchcase(host.lower(), wanted.lower())
    try:
        return ip_address(host) in wanted
    except ValueError:
        return False

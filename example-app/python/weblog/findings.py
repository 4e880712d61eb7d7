"""What in the traffic needs somebody's attention.

    for finding in find(store, traffic, Options(slow=500)):
        print(finding.level.name, finding.title, finding.detail)
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from weblog.options import Options
from weblog.store import Store
from weblog.table import Unit, counted, show
from weblog.traffic import Traffic

__all__ = ["Finding", "Level", "find"]

_FEWEST = 5
"""Requests below which a path or a client says nothing."""
_FAILING = 0.2
"""Share of server errors, from the first to the last of them, from which a path is failing."""
_SPIKE = 4
"""How many times the usual traffic is a spike."""


class Level(enum.Enum):
    """How soon to look at it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    level: Level
    title: str
    detail: str


def find(store: Store, traffic: Traffic, options: Options) -> list[Finding]:
    """All findings, the most urgent first."""
    found = [
        *_failing(store),
        *_spikes(store, traffic),
        *_slow(store, options.slow),
        *_probes(store),
        *_broken(store, options.site),
    ]
    levels = list(Level)
    return sorted(found, key=lambda finding: levels.index(finding.level))


def _failing(store: Store) -> Iterator[Finding]:
    rows = store.rows(
        """
        WITH failures AS (
            SELECT path, count(*) AS failed, min(time) AS first, max(time) AS last
            FROM requests WHERE status >= 500 GROUP BY path HAVING failed >= ?
        )
        SELECT path, failed, first, last, count(*) AS requests
        FROM failures JOIN requests USING (path) WHERE time BETWEEN first AND last
        GROUP BY path HAVING failed >= requests * ? ORDER BY failed DESC, path
        """,
        _FEWEST,
        _FAILING,
    )
    for path, failed, first, last, requests in rows:
        detail = f"{failed} of {requests} requests from {first} to {last}"
        yield Finding(Level.HIGH, f"{path} fails with server errors", detail)


def _spikes(store: Store, traffic: Traffic) -> Iterator[Finding]:
    usual = traffic.usual
    for bucket in traffic.buckets:
        if bucket.requests < _SPIKE * usual or bucket.requests < 4 * _FEWEST:
            continue
        ((host, most),) = store.rows(
            """
            SELECT host, count(*) AS requests FROM requests WHERE time >= ? AND time < ?
            GROUP BY host ORDER BY requests DESC, host LIMIT 1
            """,
            str(bucket.start),
            str(bucket.start + traffic.span.value),
        )
        times = f"{bucket.requests / usual:.1f} times the usual"
        detail = f"{bucket.requests} requests, {times}; {most} of them from {host}"
        title = f"Spike in the {traffic.span.noun} from {bucket.start:%Y-%m-%d %H:%M}"
        yield Finding(Level.MEDIUM, title, detail)


def _slow(store: Store, slow: float) -> Iterator[Finding]:
    rows = store.rows(
        """
        SELECT path, percentile(ms, 50), percentile(ms, 95) AS p95
        FROM requests GROUP BY path HAVING count(ms) >= ? AND p95 >= ? ORDER BY p95 DESC, path
        """,
        _FEWEST,
        slow,
    )
    for path, median, p95 in rows:
        shown = show(p95, Unit.MILLISECONDS), show(median, Unit.MILLISECONDS)
        detail = "one request in twenty takes {} or longer; the median is {}".format(*shown)
        yield Finding(Level.MEDIUM, f"{path} is slow", detail)


def _probes(store: Store) -> Iterator[Finding]:
    rows = store.rows(
        """
        SELECT host, count(DISTINCT CASE WHEN status = 404 THEN path END) AS missing,
               count(*) AS requests, min(CASE WHEN status = 404 THEN path END)
        FROM requests GROUP BY host
        HAVING missing >= ? AND missing * 2 >= requests ORDER BY missing DESC, host
        """,
        _FEWEST,
    )
    for host, missing, requests, example in rows:
        detail = f"{missing} different missing paths in {requests} requests, such as {example}"
        yield Finding(Level.LOW, f"{host} looks for weak spots", detail)


def _broken(store: Store, site: str | None) -> Iterator[Finding]:
    rows = store.rows(
        """
        SELECT path, count(*) AS requests, min(referrer_path) FROM requests
        WHERE status = 404 AND referrer_host = ? GROUP BY path ORDER BY requests DESC, path
        """,
        site,
    )
    for path, requests, page in rows:
        detail = f"{counted(requests, 'request')} for {path}, which does not exist"
        yield Finding(Level.LOW, f"Broken link on {page}", detail)

"""Turns a store into a `Report`: totals, traffic over time, one table per question.

    report = analyse(store, logs, Options(limit=10))
    report.totals.requests, report.table("paths").rows
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from weblog.errors import EmptyError
from weblog.findings import Finding, find
from weblog.model import Log, Skipped
from weblog.options import Options
from weblog.referrers import guess_site
from weblog.store import Store
from weblog.table import Table
from weblog.tables import TABLES
from weblog.traffic import Traffic

__all__ = ["File", "Report", "Totals", "analyse"]


@dataclass(frozen=True, slots=True)
class File:
    """What was in one log."""

    name: str
    entries: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures at the top."""

    requests: int
    visitors: int
    bots: int
    """Requests from bots."""
    bytes: int
    client_errors: int
    server_errors: int
    median: float | None
    """Milliseconds, as the next; `None` if the log has no durations."""
    p95: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything there is to say about the logs."""

    first: str
    last: str
    """Times of the first and the last request, UTC."""
    totals: Totals
    traffic: Traffic
    tables: Sequence[Table]
    findings: Sequence[Finding]
    files: Sequence[File]
    skipped: Sequence[Skipped]
    site: str | None
    conditions: Sequence[str]

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)


def analyse(store: Store, logs: Sequence[Log], options: Options) -> Report:
    """Asks the store everything; raises `EmptyError` if it has no entries."""
    totals = _totals(store)
    if totals.requests == 0:
        raise EmptyError(_nothing(logs))
    ((first, last),) = store.rows("SELECT min(time), max(time) FROM requests")
    options = replace(options, site=options.site or guess_site(logs))
    traffic = Traffic.of(store)
    return Report(
        first=str(first),
        last=str(last),
        totals=totals,
        traffic=traffic,
        tables=[table(store, options) for table in TABLES.values()],
        findings=find(store, traffic, options),
        files=[File(log.name, len(log.entries), len(log.skipped)) for log in logs],
        skipped=[line for log in logs for line in log.skipped],
        site=options.site,
        conditions=options.conditions,
    )


def _totals(store: Store) -> Totals:
    (row,) = store.rows(
        """
        SELECT count(*), count(DISTINCT visitor), ifnull(sum(bot), 0), ifnull(sum(bytes), 0),
               count(CASE WHEN status BETWEEN 400 AND 499 THEN 1 END),
               count(CASE WHEN status >= 500 THEN 1 END),
               percentile(ms, 50), percentile(ms, 95)
        FROM requests
        """
    )
    return Totals(*row)  # type: ignore[arg-type]


def _nothing(logs: Sequence[Log]) -> str:
    entries = sum(len(log.entries) for log in logs)
    skipped = [line for log in logs for line in log.skipped]
    if entries:
        return f"none of the {entries:,} entries matches the filter; widen it"
    if skipped:
        return (
            f"no line is a log entry; the first is {skipped[0]}; "
            "weblog reads the Common and Combined formats"
        )
    return "the logs are empty"

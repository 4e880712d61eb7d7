"""The questions a report answers, one function and one table each.

    TABLES["paths"](store, Options())  ->  Table("paths", "Most requested", …)
"""

from collections.abc import Callable
from http import HTTPStatus

from weblog.model import StatusClass
from weblog.options import Options
from weblog.store import Store
from weblog.table import Cell, Column, Table, Unit

__all__ = ["TABLES"]

_REQUESTS = Column("requests", "Requests", Unit.COUNT)
_VISITORS = Column("visitors", "Visitors", Unit.COUNT)
_BYTES = Column("bytes", "Bytes", Unit.BYTES)
_ERRORS = Column("errors", "Errors", Unit.COUNT)
_PATH = Column("path", "Path")


def _statuses(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT status, count(*) AS requests, count(*) * 1.0 / (SELECT count(*) FROM requests)
        FROM requests GROUP BY status ORDER BY requests DESC, status LIMIT ?
        """,
        options.limit,
    )
    columns = (
        Column("status", "Status", Unit.PLAIN),
        Column("meaning", "Meaning"),
        _REQUESTS,
        Column("share", "Share", Unit.SHARE),
    )
    named = [(status, _meaning(status), *rest) for status, *rest in rows]
    return Table("statuses", "Statuses", columns, named, measure="requests")


def _paths(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT path, count(*) AS requests, count(DISTINCT visitor), sum(bytes), sum(status >= 400)
        FROM requests GROUP BY path ORDER BY requests DESC, path LIMIT ?
        """,
        options.limit,
    )
    columns = (_PATH, _REQUESTS, _VISITORS, _BYTES, _ERRORS)
    return Table("paths", "Most requested", columns, rows, measure="requests")


def _errors(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        WITH whole AS (SELECT path, count(*) AS all_requests FROM requests GROUP BY path)
        SELECT path, status, count(*) AS requests, count(*) * 1.0 / all_requests
        FROM requests JOIN whole USING (path) WHERE status >= 400
        GROUP BY path, status ORDER BY requests DESC, status DESC, path LIMIT ?
        """,
        options.limit,
    )
    columns = (
        _PATH,
        Column("status", "Status", Unit.PLAIN),
        _REQUESTS,
        Column("share", "Of its requests", Unit.SHARE),
    )
    return Table("errors", "Errors", columns, rows, measure="requests")


def _slow(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT path, count(ms), percentile(ms, 50), percentile(ms, 95) AS p95, max(ms)
        FROM requests GROUP BY path HAVING count(ms) >= 5
        ORDER BY p95 DESC, path LIMIT ?
        """,
        options.limit,
    )
    columns = (
        _PATH,
        _REQUESTS,
        Column("median", "Median", Unit.MILLISECONDS),
        Column("p95", "95%", Unit.MILLISECONDS),
        Column("slowest", "Slowest", Unit.MILLISECONDS),
    )
    note = "paths with five or more timed requests"
    return Table("slow", "Slowest", columns, rows, note, measure="p95")


def _broken(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT path, referrer, count(*) AS requests
        FROM requests WHERE status IN (404, 410) AND referrer IS NOT NULL
        GROUP BY path, referrer ORDER BY requests DESC, path, referrer LIMIT ?
        """,
        options.limit,
    )
    columns = (_PATH, Column("referrer", "Linked from"), _REQUESTS)
    return Table("broken", "Broken links", columns, rows, measure="requests")


def _referrers(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT referrer_host, count(*) AS requests, count(DISTINCT visitor)
        FROM requests WHERE referrer_host IS NOT NULL AND referrer_host IS NOT ?
        GROUP BY referrer_host ORDER BY requests DESC, referrer_host LIMIT ?
        """,
        options.site,
        options.limit,
    )
    note = f"other than {options.site}" if options.site else ""
    columns = (Column("host", "Site"), _REQUESTS, _VISITORS)
    return Table("referrers", "Referring sites", columns, rows, note, measure="requests")


def _browsers(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT program, count(*) AS requests, count(DISTINCT visitor)
        FROM requests WHERE NOT bot
        GROUP BY program ORDER BY requests DESC, program LIMIT ?
        """,
        options.limit,
    )
    columns = (Column("name", "Browser"), _REQUESTS, _VISITORS)
    return Table("browsers", "Browsers", columns, rows, measure="requests")


def _bots(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT program, count(*) AS requests, sum(bytes), sum(status >= 400)
        FROM requests WHERE bot
        GROUP BY program ORDER BY requests DESC, program LIMIT ?
        """,
        options.limit,
    )
    columns = (Column("name", "Bot"), _REQUESTS, _BYTES, _ERRORS)
    return Table("bots", "Bots", columns, rows, measure="requests")


def _hosts(store: Store, options: Options) -> Table:
    rows = store.rows(
        """
        SELECT host, count(*) AS requests, sum(bytes), sum(status >= 400)
        FROM requests GROUP BY host ORDER BY requests DESC, host LIMIT ?
        """,
        options.limit,
    )
    columns = (Column("host", "Client"), _REQUESTS, _BYTES, _ERRORS)
    return Table("hosts", "Busiest clients", columns, rows, measure="requests")


TABLES: dict[str, Callable[[Store, Options], Table]] = {
    "statuses": _statuses,
    "paths": _paths,
    "errors": _errors,
    "slow": _slow,
    "broken": _broken,
    "referrers": _referrers,
    "browsers": _browsers,
    "bots": _bots,
    "hosts": _hosts,
}
"""By name, in the report's order: (store, options) -> table."""


def _meaning(status: Cell) -> str:
    number = int(status or 0)
    try:
        return HTTPStatus(number).phrase
    except ValueError:
        return StatusClass.of(number).label

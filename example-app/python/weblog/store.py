"""Entries as the table `requests` of an in-memory SQLite database.

    store = Store()
    store.add(log, keep=Filter())
    store.query("select status, count(*) from requests group by status")

Besides SQLite's own functions there is `percentile(value, percent)`.
"""

import sqlite3
from collections.abc import Callable, Sequence

from weblog.agents import Kind, classify
from weblog.errors import InputError
from weblog.model import Entry, Log
from weblog.referrers import split_referrer
from weblog.table import Cell, Column, Table, Unit

__all__ = ["COLUMNS", "Store"]

COLUMNS = {
    "file": "TEXT NOT NULL",
    "line": "INTEGER NOT NULL",
    "time": "TEXT NOT NULL",  # UTC, in the form SQLite's date functions take
    "host": "TEXT NOT NULL",
    "user": "TEXT",
    "method": "TEXT",
    "path": "TEXT NOT NULL",
    "query": "TEXT",
    "protocol": "TEXT",
    "status": "INTEGER NOT NULL",
    "bytes": "INTEGER NOT NULL",
    "referrer": "TEXT",
    "referrer_host": "TEXT",
    "referrer_path": "TEXT",
    "agent": "TEXT",
    "ms": "REAL",
    "program": "TEXT NOT NULL",  # the agent's name without its version
    "bot": "INTEGER NOT NULL",
    "visitor": "TEXT",  # who we take for one person; NULL for bots
}
"""The columns of `requests`."""


class Store:
    """The entries of one run."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        # typeshed wants a protocol that sqlite3's own documentation doesn't follow.
        self._connection.create_aggregate("percentile", 2, _Percentile)  # type: ignore[arg-type]
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        self._connection.execute(f"CREATE TABLE requests ({columns})")

    def close(self) -> None:
        """Frees the database."""
        self._connection.close()

    def add(self, log: Log, keep: Callable[[Entry], bool]) -> int:
        """Adds the entries that `keep` accepts; returns how many."""
        marks = ", ".join("?" * len(COLUMNS))
        rows = (_row(log.name, entry) for entry in log.entries if keep(entry))
        with self._connection:
            cursor = self._connection.executemany(f"INSERT INTO requests VALUES ({marks})", rows)
        return max(cursor.rowcount, 0)

    def rows(self, sql: str, *parameters: Cell) -> list[tuple[Cell, ...]]:
        """The result of one of our own statements."""
        return self._connection.execute(sql, parameters).fetchall()

    def query(self, sql: str) -> Table:
        """The result of a user's statement, which may only read."""
        self._connection.set_authorizer(_authorize)
        try:
            cursor = self._connection.execute(sql)
            if cursor.description is None:
                raise InputError("the query has no result; write a SELECT")
            columns = [Column(name, name, Unit.PLAIN) for name, *_ in cursor.description]
            rows = [[_cell(value) for value in row] for row in cursor]
            return Table("query", "Result", columns, rows)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            message = str(error).rstrip(".")
            raise InputError(f"cannot run the query: {message}; {_hint(message)}") from error
        finally:
            self._connection.set_authorizer(None)


# Everything a SELECT needs and nothing that writes: ATTACH would create files.
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


def _authorize(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _cell(value: Cell | bytes) -> Cell:
    return value.hex() if isinstance(value, bytes) else value


def _hint(message: str) -> str:
    if "no such" in message:
        return f"the table `requests` has {', '.join(COLUMNS)}"
    return "write one SELECT from the table `requests`"


def _row(file: str, entry: Entry) -> Sequence[Cell]:
    agent = classify(entry.agent)
    bot = agent.kind is Kind.BOT
    referrer_host, referrer_path = split_referrer(entry.referrer)
    return (
        file,
        entry.line,
        f"{entry.time:%Y-%m-%d %H:%M:%S}",
        entry.host,
        entry.user,
        entry.method,
        entry.path,
        entry.query,
        entry.protocol,
        entry.status,
        entry.size,
        entry.referrer,
        referrer_host,
        referrer_path,
        entry.agent,
        entry.milliseconds,
        agent.name,
        int(bot),
        None if bot else f"{entry.host} {entry.agent or '-'}",
    )


class _Percentile:
    """SQL's `percentile(value, percent)`, by nearest rank; NULLs don't count."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._percent = 0.0

    def step(self, value: float | None, percent: float) -> None:
        if value is not None:
            self._values.append(value)
            self._percent = percent

    def finalize(self) -> float | None:
        if not self._values:
            return None
        rank = -(-len(self._values) * self._percent // 100)
        index = min(max(int(rank), 1), len(self._values)) - 1
        return sorted(self._values)[index]

"""Rows with named, typed columns: what every result is, before it is text, HTML, JSON or CSV.

    Table("paths", "Most requested", (Column("path", "Path"), Column("requests", "Requests",
          Unit.COUNT)), [("/", 112), ("/visit", 57)])
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Cell", "Column", "Table", "Unit", "counted", "printable", "show"]

Cell = str | int | float | None


class Unit(enum.Enum):
    """What a column's values are, and so how people read them."""

    TEXT = "text"
    COUNT = "count"
    BYTES = "bytes"
    SHARE = "share"
    """Of one: 0.25 is shown as 25%."""
    MILLISECONDS = "milliseconds"
    PLAIN = "plain"
    """A number as it is, such as a status or a query's result."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name for programs, title for people, and unit."""

    name: str
    title: str
    unit: Unit = Unit.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A result."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    """What the rows are, where the title leaves that open."""
    measure: str | None = None
    """The column to compare the rows by, which gets bars."""

    def records(self) -> Iterable[dict[str, Cell]]:
        """Each row as `{column name: value}`."""
        names = [column.name for column in self.columns]
        return (dict(zip(names, row, strict=True)) for row in self.rows)


def show(value: Cell, unit: Unit) -> str:
    """A value for people: `show(2500, Unit.MILLISECONDS) == "2.50 s"`."""
    match value:
        case None:
            return "-"
        case str():
            return value
    match unit:
        case Unit.COUNT:
            return f"{value:,}"
        case Unit.BYTES:
            return _show_bytes(value)
        case Unit.SHARE:
            return f"{value:.1%}"
        case Unit.MILLISECONDS:
            return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms"
        case _:
            return str(value)


def counted(number: Cell, noun: str) -> str:
    """`1 request`, `1,200 requests`, `2 entries`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{show(number, Unit.COUNT)} {plural}"


def printable(text: str) -> str:
    """`text` with control characters escaped: clients send them, and terminals obey them."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _show_bytes(value: float) -> str:
    if value < 1000:
        return f"{value:.0f} B"
    for prefix in ("k", "M", "G"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {prefix}B"
    return f"{value / 1000:.1f} TB"

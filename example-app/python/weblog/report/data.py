"""Results for programs: JSON and CSV, with values as they are rather than as people read them.

    table_csv(table)     ->  "path,requests\\n/,112\\n"
    report_csv(report)   ->  "table,item,measure,value\\npaths,/,requests,112\\n…"
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from weblog.analysis import Report
from weblog.table import Cell, Table, Unit

__all__ = [
    "report_csv",
    "report_json",
    "summary_csv",
    "summary_json",
    "table_csv",
    "table_json",
]


def table_json(table: Table) -> str:
    """A list of objects, one a row."""
    return _json(list(table.records()))


def table_csv(table: Table) -> str:
    """A header and the rows (RFC 4180, with plain newlines)."""
    return _csv([column.name for column in table.columns], table.rows)


def summary_json(report: Report) -> str:
    """Totals and findings."""
    return _json(_summary(report))


def report_json(report: Report) -> str:
    """Everything."""
    return _json(
        _summary(report)
        | {
            "traffic": {
                "span": report.traffic.span.noun,
                "buckets": [
                    {
                        "start": f"{bucket.start:%Y-%m-%dT%H:%M:%SZ}",
                        "requests": bucket.requests,
                        "errors": bucket.errors,
                    }
                    for bucket in report.traffic.buckets
                ],
            },
            "tables": {table.name: list(table.records()) for table in report.tables},
            "skipped": [asdict(line) for line in report.skipped],
        }
    )


def summary_csv(report: Report) -> str:
    """The totals, in the form of `report_csv`."""
    return _csv(_LONG_HEADER, _totals(report))


def report_csv(report: Report) -> str:
    """All tables as one: a line for each number, so that nothing needs a header of its own."""
    lines = _totals(report)
    for bucket in report.traffic.buckets:
        item = f"{bucket.start:%Y-%m-%dT%H:%M:%SZ}"
        lines.append(("traffic", item, "requests", bucket.requests))
        lines.append(("traffic", item, "errors", bucket.errors))
    for table in report.tables:
        lines.extend(_long(table))
    return _csv(_LONG_HEADER, lines)


_LONG_HEADER = ("table", "item", "measure", "value")


def _summary(report: Report) -> dict[str, object]:
    return {
        "first": report.first.replace(" ", "T") + "Z",
        "last": report.last.replace(" ", "T") + "Z",
        "site": report.site,
        "conditions": list(report.conditions),
        "files": [asdict(file) for file in report.files],
        "totals": asdict(report.totals),
        "findings": [
            {"level": finding.level.value, "title": finding.title, "detail": finding.detail}
            for finding in report.findings
        ],
    }


def _totals(report: Report) -> list[Sequence[Cell]]:
    return [("totals", "", measure, value) for measure, value in asdict(report.totals).items()]


def _long(table: Table) -> Iterable[Sequence[Cell]]:
    named = [column.unit in (Unit.TEXT, Unit.PLAIN) for column in table.columns]
    for row in table.rows:
        item = " ".join(str(value) for value, name in zip(row, named, strict=True) if name)
        for column, value, name in zip(table.columns, row, named, strict=True):
            if not name:
                yield table.name, item, column.name, value


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()

"""The report as one HTML file that needs nothing else: no script, no font, no address.

    Path("report.html").write_text(render_html(report), "utf-8")
"""

from collections.abc import Iterator, Sequence

import weblog
from weblog.analysis import Report
from weblog.model import StatusClass
from weblog.report.chart import traffic_chart
from weblog.report.markup import Markup, fill, join, stylesheet
from weblog.table import Cell, Column, Table, Unit, counted, show

__all__ = ["render_html"]

_SKIPPED_SHOWN = 20
_EMPTY = Markup("")


def render_html(report: Report) -> str:
    """The page. The same report gives the same page: there is no clock in it."""
    page = fill(
        "page",
        style=stylesheet(),
        subject=report.site or "Web server",
        period=f"{report.first} to {report.last} UTC",
        conditions=_conditions(report),
        tiles=join(_tiles(report)),
        findings=_findings(report),
        span=report.traffic.span.noun,
        chart=traffic_chart(report.traffic),
        tables=join(_table(table) for table in report.tables if table.rows),
        files=join(_files(report)),
        skipped=_skipped(report),
        version=weblog.version(),
    )
    return f"{page}\n"


def _conditions(report: Report) -> Markup:
    if not report.conditions:
        return _EMPTY
    return fill("conditions", text="; ".join(report.conditions))


def _tiles(report: Report) -> Iterator[Markup]:
    totals = report.totals
    errors = totals.client_errors + totals.server_errors
    peak = f"up to {report.traffic.peak.requests:,} per {report.traffic.span.noun}"
    by_whom = f"{totals.client_errors:,} client, {totals.server_errors:,} server"
    yield fill("tile", title="Requests", value=f"{totals.requests:,}", note=peak)
    yield fill("tile", title="Visitors", value=f"{totals.visitors:,}", note="without bots")
    yield fill("tile", title="Sent", value=show(totals.bytes, Unit.BYTES), note="in responses")
    yield fill("tile", title="Errors", value=_share(errors, totals.requests), note=by_whom)
    requests = counted(totals.bots, "request")
    yield fill("tile", title="Bots", value=_share(totals.bots, totals.requests), note=requests)
    if totals.p95 is not None:
        median = show(totals.median, Unit.MILLISECONDS)
        most = f"95% within {show(totals.p95, Unit.MILLISECONDS)}"
        yield fill("tile", title="Median response", value=median, note=most)


def _share(part: int, whole: int) -> str:
    return show(part / whole, Unit.SHARE)


def _findings(report: Report) -> Markup:
    if not report.findings:
        return fill("calm")
    items = (
        fill("finding", level=finding.level.value, title=finding.title, detail=finding.detail)
        for finding in report.findings
    )
    return fill("findings", items=join(items))


def _table(table: Table) -> Markup:
    head = join(fill("th", kind=_kind(column), title=column.title) for column in table.columns)
    most = max((_measure(table, row) for row in table.rows), default=0)
    rows = join(_row(table, row, most) for row in table.rows)
    return fill("table", name=table.name, title=table.title, note=table.note, head=head, rows=rows)


def _row(table: Table, row: Sequence[Cell], most: float) -> Markup:
    cells = []
    for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        text = show(value, column.unit)
        if column.name == table.measure:
            percent = 100 * _measure(table, row) / most if most else 0
            cells.append(fill("td-bar", percent=f"{percent:.1f}", text=text))
        elif index == 0:
            cells.append(fill("td-name", text=text))
        elif column.name == "status":
            status_class = StatusClass.of(int(value or 0)).value
            cells.append(fill("td-status", status_class=status_class, text=text))
        else:
            cells.append(fill("td", kind=_kind(column), text=text))
    return fill("tr", cells=join(cells))


def _measure(table: Table, row: Sequence[Cell]) -> float:
    for column, value in zip(table.columns, row, strict=True):
        if column.name == table.measure and isinstance(value, int | float):
            return value
    return 0


def _kind(column: Column) -> str:
    return "text" if column.unit in (Unit.TEXT, Unit.PLAIN) else "number"


def _files(report: Report) -> Iterator[Markup]:
    for file in report.files:
        skipped = f", {counted(file.skipped, 'line')} skipped" if file.skipped else ""
        yield fill("file", name=file.name, text=counted(file.entries, "entry") + skipped)


def _skipped(report: Report) -> Markup:
    if not report.skipped:
        return _EMPTY
    shown = report.skipped[:_SKIPPED_SHOWN]
    items = join(
        fill("skipped-line", place=f"{line.file}:{line.line}", reason=line.reason, text=line.text)
        for line in shown
    )
    return fill("skipped", count=counted(len(report.skipped), "line"), items=items)

"""Results for the terminal.

    print(render_table(table, Charset.ASCII))

    Most requested
      Path       Requests
      /               112
"""

import enum
from collections.abc import Iterator

from weblog.analysis import File, Report
from weblog.table import Table, Unit, counted, printable, show
from weblog.traffic import Bucket, Traffic

__all__ = ["Charset", "render_report", "render_summary", "render_table"]

_TITLE_WIDTH = 10
_WIDEST_CELL = 60
_CHART_HEIGHT = 6
_SKIPPED_SHOWN = 5


class Charset(enum.Enum):
    """What the terminal can show: blocks from empty to full, and an ellipsis."""

    UNICODE = (" ▁▂▃▄▅▆▇█", "…")
    ASCII = (" .:#", "...")

    @classmethod
    def of(cls, encoding: str | None) -> "Charset":
        """The richest set that `encoding` has."""
        try:
            "".join(cls.UNICODE.value).encode(encoding or "ascii")
        except (LookupError, UnicodeEncodeError):
            return cls.ASCII
        return cls.UNICODE


def render_report(report: Report, charset: Charset) -> str:
    """The whole report."""
    parts = [
        render_summary(report, charset),
        _chart(report.traffic, charset),
        *(render_table(table, charset) for table in report.tables if table.rows),
        _skipped(report),
    ]
    return "\n".join(part for part in parts if part)


def render_summary(report: Report, charset: Charset) -> str:
    """The totals and the findings, about a screen."""
    lines = [f"{report.first} to {report.last} UTC"]
    lines += [f"  {printable(file.name)}: {_file(file)}" for file in report.files]
    if report.conditions:
        lines.append(f"  only {'; '.join(report.conditions)}")
    lines.append("")
    lines += [f"  {title:<{_TITLE_WIDTH}}  {value}" for title, value in _totals(report)]
    if report.findings:
        lines += ["", "Needs attention"]
    for finding in report.findings:
        lines.append(f"  {finding.level.value:<6}  {_clean(finding.title, 100, charset)}")
        lines.append(f"  {'':6}  {_clean(finding.detail, 100, charset)}")
    return "\n".join(lines) + "\n"


def render_table(table: Table, charset: Charset, widest: int | None = _WIDEST_CELL) -> str:
    """A table: text to the left, numbers to the right, cells no wider than `widest`."""
    rows = [
        [
            _clean(show(value, column.unit), widest, charset)
            for column, value in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    titles = [column.title for column in table.columns]
    widths = [max(map(len, cells)) for cells in zip(titles, *rows, strict=True)]
    left = [_is_text(table, index) for index in range(len(titles))]

    def line(cells: list[str]) -> str:
        aligned = (
            cell.ljust(width) if to_left else cell.rjust(width)
            for cell, width, to_left in zip(cells, widths, left, strict=True)
        )
        return ("  " + "  ".join(aligned)).rstrip()

    heading = f"{table.title} ({table.note})" if table.note else table.title
    return "\n".join([heading, line(titles), *map(line, rows)]) + "\n"


def _totals(report: Report) -> Iterator[tuple[str, str]]:
    totals = report.totals
    yield "Requests", show(totals.requests, Unit.COUNT)
    yield "Visitors", show(totals.visitors, Unit.COUNT)
    yield "Bots", f"{counted(totals.bots, 'request')}, {_share(totals.bots, totals.requests)}"
    yield "Sent", show(totals.bytes, Unit.BYTES)
    errors = totals.client_errors + totals.server_errors
    shown = f"{totals.client_errors:,} client (4xx), {totals.server_errors:,} server (5xx)"
    yield "Errors", f"{shown}, {_share(errors, totals.requests)} of requests"
    if totals.p95 is not None:
        median = show(totals.median, Unit.MILLISECONDS)
        yield "Response", f"median {median}, 95% within {show(totals.p95, Unit.MILLISECONDS)}"
    peak = report.traffic.peak
    start = f"{report.traffic.span.noun} from {peak.start:%Y-%m-%d %H:%M}"
    yield "Peak", f"{counted(peak.requests, 'request')} in the {start}"


def _file(file: File) -> str:
    text = counted(file.entries, "entry")
    return f"{text}, {counted(file.skipped, 'line')} skipped" if file.skipped else text


def _share(part: int, whole: int) -> str:
    return show(part / whole, Unit.SHARE)


def _chart(traffic: Traffic, charset: Charset) -> str:
    """Columns of blocks, one a bucket, with the days below.

         214 |        █
             |    ▂   █
           0 | ▁▁▄█▆▁▃█
               16 Mar
    """
    peak = traffic.peak.requests
    label = len(str(peak))
    lines = [f"Requests per {traffic.span.noun}"]
    for level in reversed(range(_CHART_HEIGHT)):
        mark = peak if level == _CHART_HEIGHT - 1 else 0 if level == 0 else ""
        blocks = "".join(_block(bucket, peak, level, charset) for bucket in traffic.buckets)
        lines.append(f"  {mark:>{label}} | {blocks}".rstrip())
    lines.append(f"  {'':{label}}   {_days(traffic.buckets)}".rstrip())
    return "\n".join(lines) + "\n"


def _block(bucket: Bucket, peak: int, level: int, charset: Charset) -> str:
    blocks = charset.value[0]
    steps = len(blocks) - 1
    # Rounded up: one request among thousands still shows.
    filled = -(-bucket.requests * _CHART_HEIGHT * steps // peak) - level * steps
    return blocks[min(max(filled, 0), steps)]


def _days(buckets: list[Bucket]) -> str:
    text = ""
    for index, bucket in enumerate(buckets):
        new_day = index == 0 or bucket.start.date() != buckets[index - 1].start.date()
        if new_day and index >= len(text):
            text = text.ljust(index) + f"{bucket.start:%d %b} "
    return text.rstrip()


def _skipped(report: Report) -> str:
    if not report.skipped:
        return ""
    lines = [f"Skipped {counted(len(report.skipped), 'line')}"]
    lines += [f"  {printable(str(skipped))}" for skipped in report.skipped[:_SKIPPED_SHOWN]]
    if len(report.skipped) > _SKIPPED_SHOWN:
        lines.append(f"  and {len(report.skipped) - _SKIPPED_SHOWN} more; -vv shows all")
    return "\n".join(lines) + "\n"


def _is_text(table: Table, index: int) -> bool:
    """A query's columns have no unit; their values tell."""
    is_text = table.columns[index].unit is Unit.TEXT
    return is_text or any(isinstance(row[index], str) for row in table.rows)


def _clean(text: str, width: int | None, charset: Charset) -> str:
    text = printable(text)
    if width is None or len(text) <= width:
        return text
    ellipsis = charset.value[1]
    return text[: width - len(ellipsis)] + ellipsis

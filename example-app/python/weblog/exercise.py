"""Uses every part of the application once, so that `--where` sees all it ever imports.

    exercise()

Modules import others when they are first used, not only when they are imported.
"""

import importlib
import json
import pkgutil

import weblog
from weblog.analysis import analyse
from weblog.filters import Filter, parse_host, parse_since, parse_statuses, parse_until
from weblog.options import Options
from weblog.read import parse_lines, read_logs
from weblog.report.data import report_csv, report_json
from weblog.report.html import render_html
from weblog.report.text import Charset, render_report
from weblog.store import Store

__all__ = ["exercise"]

_LINES = [
    '192.0.2.1 - - [16/Mar/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "Firefox/1" 900',
    '192.0.2.2 - - [16/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 404 0 "-" "TestBot/1" 800',
    "not a log entry",
]


def exercise() -> None:
    """Imports every module of the package and takes a tiny log from its lines to each output."""
    for module in pkgutil.walk_packages(weblog.__path__, "weblog."):
        importlib.import_module(module.name)
    read_logs([])
    keep = Filter(
        since=parse_since("2026-03-16"),
        until=parse_until("2026-03-16"),
        statuses=parse_statuses("2xx,404"),
        paths=("/*",),
        hosts=(parse_host("192.0.2.0/24"),),
    )
    log = parse_lines("exercise", _LINES)
    store = Store()
    store.add(log, keep)
    store.query("SELECT count(*) FROM requests")
    report = analyse(store, [log], Options(conditions=keep.describe()))
    store.close()
    render_html(report)
    render_report(report, Charset.of("utf-8"))
    report_csv(report)
    json.loads(report_json(report))

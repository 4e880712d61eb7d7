"""What each command does, from its parsed options to its output.

    report(namespace)   reads, filters, stores, analyses and prints
"""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from weblog import where
from weblog.analysis import Report, analyse
from weblog.errors import InputError, Status
from weblog.exercise import exercise
from weblog.filters import Bots, Filter
from weblog.model import Log
from weblog.options import Options
from weblog.read import read_logs
from weblog.report import data
from weblog.report.html import render_html
from weblog.report.text import Charset, render_report, render_summary, render_table
from weblog.store import Store
from weblog.table import Table

__all__ = ["print_where", "query", "report", "summary", "top"]


def report(args: Namespace) -> Status:
    """`weblog report`: everything, in the form asked for."""
    result = _analyse(args)
    if args.html is not None:
        _write(args.html, render_html(result))
    elif args.json:
        _print_utf8(data.report_json(result))
    elif args.csv:
        _print_utf8(data.report_csv(result))
    else:
        print(render_report(result, _charset()), end="")
    return Status.OK


def summary(args: Namespace) -> Status:
    """`weblog summary`: totals and findings."""
    result = _analyse(args)
    if args.json:
        _print_utf8(data.summary_json(result))
    elif args.csv:
        _print_utf8(data.summary_csv(result))
    else:
        print(render_summary(result, _charset()), end="")
    return Status.OK


def top(args: Namespace) -> Status:
    """`weblog top`: one of the report's tables."""
    return _print_table(args, _analyse(args).table(args.table))


def query(args: Namespace) -> Status:
    """`weblog query`: the user's own question."""
    with _store(args) as (store, _):
        return _print_table(args, store.query(args.sql))


def print_where(after: Status | None) -> Status:
    """`--where`: after a command that ended with `after`, or after using everything once."""
    if after is None:
        exercise()
    modules = where.survey()
    print(render_table(where.tabulate(modules), _charset(), widest=None))
    print(where.summarise(modules))
    if after is not None and after is not Status.OK:
        return after
    # From files everything is outside, which is as it should be.
    wrong = where.in_bundle() and where.outside(modules)
    return Status.EMPTY if wrong else Status.OK


@contextmanager
def _store(args: Namespace) -> Iterator[tuple[Store, list[Log]]]:
    logs = read_logs(args.files)
    store = Store()
    try:
        for log in logs:
            store.add(log, _filter(args))
        yield store, logs
    finally:
        store.close()


def _analyse(args: Namespace) -> Report:
    options = Options(
        limit=args.limit, slow=args.slow, site=args.site, conditions=_filter(args).describe()
    )
    with _store(args) as (store, logs):
        return analyse(store, logs, options)


def _filter(args: Namespace) -> Filter:
    return Filter(
        since=args.since,
        until=args.until,
        statuses=args.status,
        paths=tuple(args.path),
        hosts=tuple(args.host),
        bots=Bots(args.bots),
    )


def _print_table(args: Namespace, table: Table) -> Status:
    if args.json:
        _print_utf8(data.table_json(table))
    elif args.csv:
        _print_utf8(data.table_csv(table))
    else:
        print(render_table(table, _charset()), end="")
    return Status.OK if table.rows else Status.EMPTY


def _charset() -> Charset:
    return Charset.of(sys.stdout.encoding)


def _print_utf8(text: str) -> None:
    """Writes for a program, which expects UTF-8 whatever the terminal's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _write(path: str, text: str) -> None:
    if path == "-":
        _print_utf8(text)
        return
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = error.strerror or error
        hint = "name a file in a folder you may write to"
        raise InputError(f"cannot write `{path}`: {reason}; {hint}") from error

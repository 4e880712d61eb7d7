"""The options of every command.

    args = parser().parse_args(["report", "--status", "5xx", "access.log"])
    args.command(args)
"""

import argparse
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import TypeVar

import weblog
from weblog import commands
from weblog.filters import Bots, parse_host, parse_since, parse_statuses, parse_until
from weblog.tables import TABLES

__all__ = ["parser"]

T = TypeVar("T")

_EPILOG = """\
Reads the Common and Combined log formats, plain or gzip-compressed, with or without a
duration at the end of each line (Apache's %D, nginx's $request_time). Times are UTC.

Exit status: 0; 1 if no request was found; 2 on an error.
"""


def parser() -> ArgumentParser:
    """The parser of the whole command line; `command` of its result is the function to call."""
    whole = ArgumentParser(
        prog="weblog",
        description="Says what a web server's access log is telling you.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    whole.set_defaults(command=None, verbose=0, where=False)
    whole.add_argument("--version", action="version", version=f"weblog {weblog.version()}")
    _add_general(whole)
    subparsers = whole.add_subparsers(title="commands", metavar="COMMAND")

    report = subparsers.add_parser("report", help="everything, as text, HTML, JSON or CSV")
    _finish(report, commands.report, html=True)
    _add_detail(report)

    summary = subparsers.add_parser("summary", help="the totals, and what needs attention")
    _finish(summary, commands.summary)
    _add_detail(summary)

    top = subparsers.add_parser("top", help="one of the report's tables")
    top.add_argument("table", choices=list(TABLES), metavar="TABLE", help=", ".join(TABLES))
    _finish(top, commands.top)
    _add_detail(top)

    query = subparsers.add_parser("query", help="the answer to a question in SQL")
    query.add_argument("sql", metavar="SQL", help="a SELECT from the table `requests`")
    _finish(query, commands.query)
    return whole


def _finish(command: ArgumentParser, function: Callable[..., object], html: bool = False) -> None:
    command.set_defaults(command=function)
    command.allow_abbrev = False
    command.add_argument("files", nargs="+", metavar="FILE", help="a log, or - for standard input")
    output = command.add_argument_group("output").add_mutually_exclusive_group()
    if html:
        output.add_argument("--html", metavar="FILE", help="write an HTML page (- to print it)")
    output.add_argument("--json", action="store_true", help="print JSON")
    output.add_argument("--csv", action="store_true", help="print CSV")
    _add_filters(command)
    _add_general(command)


def _add_general(command: ArgumentParser) -> None:
    command.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=SUPPRESS,
        help="say what is read; -vv shows every line that is skipped",
    )
    command.add_argument(
        "--where",
        action="store_true",
        default=SUPPRESS,
        help="afterwards, list from where each Python module came",
    )


def _add_filters(command: ArgumentParser) -> None:
    group = command.add_argument_group("filter")
    group.add_argument(
        "--since", type=_checked(parse_since), metavar="TIME", help="from this date or time on"
    )
    group.add_argument(
        "--until",
        type=_checked(parse_until),
        metavar="TIME",
        help="before this time, or to the end of this date",
    )
    group.add_argument(
        "--status",
        type=_checked(parse_statuses),
        default=(),
        metavar="LIST",
        help="with a status such as 404, 5xx, 400-417 or 404,5xx",
    )
    group.add_argument(
        "--path", action="append", default=[], metavar="GLOB", help="for paths such as '/blog/*'"
    )
    group.add_argument(
        "--host",
        action="append",
        type=_checked(parse_host),
        default=[],
        metavar="HOST",
        help="from an address, a network such as 192.0.2.0/24, or a name such as '*.example'",
    )
    group.add_argument(
        "--bots",
        choices=[choice.value for choice in Bots],
        default=Bots.INCLUDE.value,
        help="whether to count requests from bots",
    )


def _add_detail(command: ArgumentParser) -> None:
    group = command.add_argument_group("detail")
    group.add_argument(
        "-n",
        "--limit",
        type=_checked(_positive),
        default=10,
        metavar="N",
        help="rows in each table (10)",
    )
    group.add_argument(
        "--slow",
        type=_checked(_positive),
        default=1000,
        metavar="MS",
        help="milliseconds from which a page is slow (1000)",
    )
    group.add_argument(
        "--site", metavar="HOST", help="the logged site's own name (the most frequent referrer)"
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"`{text}` is not a number from 1 on")
    return int(text)


def _checked(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Lets argparse show the message of a `ValueError`, which it otherwise replaces."""

    def checked(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return checked

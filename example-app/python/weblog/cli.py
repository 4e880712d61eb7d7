"""The command line as a process: messages, signals, exit status.

    weblog report --since 2026-03-16 --status 5xx access.log access.log.1.gz
    weblog query "select count(*) from requests" - < access.log
"""

import io
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from weblog.arguments import parser
from weblog.commands import print_where
from weblog.errors import Status, WeblogError

__all__ = ["main", "run"]


def run() -> NoReturn:
    """Runs the command line as the whole process: exits with `main`'s status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal can't show is escaped, not an error.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has had enough (`| head`).
        _abandon_stdout()
        status = Status.BROKEN_PIPE
    except OSError as error:
        # Files are `InputError`s; what is left is standard output.
        _abandon_stdout()
        print(f"weblog: cannot write the output: {error.strerror}", file=sys.stderr)
        status = Status.ERROR
    except KeyboardInterrupt:
        # The shell must see that the signal ended us; it also ends threads that wait for input.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        status = Status.INTERRUPTED
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> Status:
    """Runs one command and returns its status; `SystemExit` on a wrong option."""
    args = parser().parse_args(arguments)
    level = logging.WARNING - 10 * args.verbose
    logging.basicConfig(format="weblog: %(message)s", level=level, force=True)
    if args.command is None:
        if args.where:
            return print_where(after=None)
        parser().print_help()
        return Status.OK
    try:
        status = args.command(args)
    except WeblogError as error:
        for line in str(error).splitlines():
            print(f"weblog: {line}", file=sys.stderr)
        status = error.status
    return print_where(after=status) if args.where else status


def _abandon_stdout() -> None:
    """Python would flush once more at exit, and fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""Reads logs, plain or gzip-compressed, several at a time.

    for log in read_logs(["access.log", "access.log.1.gz", "-"]):
        print(log.name, len(log.entries), len(log.skipped))

The result is in the order of the arguments, whichever thread is done first.
"""

import gzip
import io
import logging
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from weblog.errors import InputError
from weblog.model import Log, Skipped
from weblog.parse import MalformedError, parse_line

__all__ = ["STDIN", "parse_lines", "read_logs"]

STDIN = "-"
"""The path that stands for standard input."""

_GZIP_MAGIC = b"\x1f\x8b"
_EXCERPT = 120

_logger = logging.getLogger(__name__)


def read_logs(paths: Sequence[str]) -> list[Log]:
    """Reads every path; raises one `InputError` that names all that can't be read."""
    if paths.count(STDIN) > 1:
        raise InputError("standard input (`-`) can be read only once; name it once")
    workers = max(1, min(len(paths), os.cpu_count() or 1))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="read")
    try:
        outcomes = list(pool.map(_read, paths))
    finally:
        # Doesn't wait: after Ctrl-C a thread may still be waiting for standard input.
        pool.shutdown(wait=False, cancel_futures=True)
    failures = [str(outcome) for outcome in outcomes if isinstance(outcome, InputError)]
    if failures:
        raise InputError("\n".join(failures))
    return [outcome for outcome in outcomes if isinstance(outcome, Log)]


def parse_lines(name: str, lines: Iterable[str]) -> Log:
    """Parses lines; those that aren't entries are kept with the reason, blank ones dropped."""
    log = Log(name)
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            log.entries.append(parse_line(text, number))
        except MalformedError as error:
            skipped = Skipped(name, number, str(error), _excerpt(text))
            log.skipped.append(skipped)
            _logger.debug("%s", skipped)
    return log


def _read(path: str) -> Log | InputError:
    name = "<stdin>" if path == STDIN else _decode(os.fsencode(path))
    try:
        with _open(path) as lines:
            log = parse_lines(name, lines)
    except (OSError, EOFError, zlib.error) as error:
        return InputError(f"cannot read `{name}`: {_explain(error)}")
    _logger.info("%s: %d entries, %d lines skipped", name, len(log.entries), len(log.skipped))
    return log


@contextmanager
def _open(path: str) -> Iterator[Iterable[str]]:
    with ExitStack() as stack:
        # Standard input isn't ours to close.
        raw = open(0, "rb", closefd=False) if path == STDIN else open(path, "rb")
        stream: io.BufferedIOBase = stack.enter_context(raw)
        # By content, not by name: rotated logs and pipes are called anything.
        if raw.peek(2)[:2] == _GZIP_MAGIC:
            stream = stack.enter_context(gzip.GzipFile(fileobj=raw))
        yield map(_decode, stream)


def _decode(raw: bytes) -> str:
    """Bytes that aren't UTF-8 stay visible."""
    return raw.decode("utf-8", "backslashreplace")


def _explain(error: Exception) -> str:
    if isinstance(error, IsADirectoryError):
        return "it is a directory; name the log files in it"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}; check the path and its permissions"
    return f"it is not a whole gzip file ({error}); restore it or leave it out"


def _excerpt(text: str) -> str:
    text = text.strip().encode("unicode_escape").decode("ascii")
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 3] + "..."

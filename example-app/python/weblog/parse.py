r"""Turns a line of an access log into an `Entry`.

    192.0.2.7 - ada [16/Nov/2026:09:30:00 +0100] "GET /visit?lang=cy HTTP/1.1" 200 5120
    └host     └user └time                         └request                     └status, bytes
    … "https://www.example.org/" "Mozilla/5.0 …" 18250
      └referrer                  └agent          └duration

The first seven fields are the Common format, the next two make it Combined. The duration is what
many servers are told to append: Apache's `%D` (a whole number of microseconds) or nginx's
`$request_time` (seconds, with a decimal point).
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from weblog.model import Entry

__all__ = ["MalformedError", "parse_line"]


class MalformedError(ValueError):
    """The line isn't an entry; the message is the reason."""


def parse_line(text: str, line: int) -> Entry:
    """Parses one line, numbered `line` in its file; raises `MalformedError`."""
    match = _ENTRY.fullmatch(text.rstrip())
    if match is None:
        raise MalformedError(_reason(text))
    method, path, query, protocol = _request(_unescape(match["request"]))
    status = int(match["status"])
    if not 100 <= status <= 599:
        raise MalformedError(f"no such HTTP status as {status}")
    size = match["size"]
    return Entry(
        line=line,
        host=match["host"],
        user=_optional(match["user"]),
        time=_time(match["time"]),
        method=method,
        path=path,
        query=query,
        protocol=protocol,
        status=status,
        size=0 if size == "-" else int(size),
        referrer=_optional(match["referrer"]),
        agent=_optional(match["agent"]),
        milliseconds=_duration(match["duration"]),
    )


# A quoted field: the server writes a quote inside it as `\"`.
_QUOTED = r'"(?P<{}>[^"\\]*(?:\\.[^"\\]*)*)"'

_ENTRY = re.compile(
    r"(?P<host>\S+) \S+ (?P<user>.+?) \[(?P<time>[^\]]+)\] "
    + _QUOTED.format("request")
    + r" (?P<status>[0-9]{3}) (?P<size>[0-9]+|-)"
    + rf"(?: {_QUOTED.format('referrer')} {_QUOTED.format('agent')})?"
    + r"(?: (?P<duration>[0-9]+(?:\.[0-9]+)?|-))?"
)

_HEAD = re.compile(r"\S+ \S+ .+? \[[^\]]+\] ")

# Not `strptime`: its month names follow the locale, the server's never do.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME = re.compile(
    rf"([0-9]{{2}})/({'|'.join(_MONTHS)})/([0-9]{{4}})"
    r":([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})"
)

_REQUEST = re.compile(r"([A-Z][A-Z0-9_-]*) (\S+)(?: (HTTP/[0-9](?:\.[0-9])?))?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?]*", re.IGNORECASE)
_ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+|\\.")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "v": "\v"}


def _reason(text: str) -> str:
    """The first thing that isn't as it should be."""
    text = text.strip()
    if not text:
        return "empty line"
    head = _HEAD.match(text)
    if head is None:
        return "expected `host ident user [time]`"
    rest = text[head.end() :]
    if re.match(_QUOTED.format("request"), rest) is None:
        return "the request is not a closed quotation"
    if re.match(_QUOTED.format("request") + r" [0-9]{3} (?:[0-9]+|-)(?: |$)", rest) is None:
        return "expected a status and a size after the request"
    return "expected a referrer and a user agent after the size"


# Consecutive requests mostly share their second.
@lru_cache(maxsize=256)
def _time(text: str) -> datetime:
    match = _TIME.fullmatch(text)
    if match is None:
        raise MalformedError(f"`{text}` is not a time such as `16/Nov/2026:09:30:00 +0000`")
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        month_number = _MONTHS.index(month) + 1
        clock = int(hour), int(minute), int(second)
        local = datetime(int(year), month_number, int(day), *clock, tzinfo=zone)
        return local.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise MalformedError(f"`{text}` is not a time: {error}") from None


def _request(line: str) -> tuple[str | None, str, str | None, str | None]:
    match = _REQUEST.fullmatch(line)
    if match is None:
        return None, line, None, None
    method, target, protocol = match.groups()
    # Proxies are asked for whole addresses; only the path is of interest.
    target = _ORIGIN.sub("", target, count=1) or "/"
    path, question_mark, query = target.partition("?")
    return method, path or "/", query if question_mark else None, protocol


def _duration(text: str | None) -> float | None:
    if text is None or text == "-":
        return None
    if "." in text:
        return float(text) * 1000
    return int(text) / 1000


def _optional(text: str | None) -> str | None:
    return None if text is None or text in ("-", "") else _unescape(text)


def _unescape(text: str) -> str:
    return text if "\\" not in text else _ESCAPES.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    escape = match[0]
    if escape.startswith(r"\x") and len(escape) > 2:
        return bytes.fromhex(escape.replace(r"\x", "")).decode("utf-8", "backslashreplace")
    return _PLAIN_ESCAPES.get(escape[1], escape[1])

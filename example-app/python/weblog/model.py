"""The values that travel from the parser to the store.

    parse_line(text)  ->  Entry | raises Malformed
    read_logs(paths)  ->  [Log(name, entries, skipped), ...]
"""

import enum
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Entry", "Log", "Skipped", "StatusClass"]


class StatusClass(enum.Enum):
    """The first digit of an HTTP status (RFC 9110, section 15)."""

    INFORMATIONAL = "1xx"
    SUCCESS = "2xx"
    REDIRECTION = "3xx"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"

    @classmethod
    def of(cls, status: int) -> "StatusClass":
        """`StatusClass.of(404) is StatusClass.CLIENT_ERROR`."""
        return cls(f"{status // 100}xx")

    @property
    def label(self) -> str:
        """`client error`, for people."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, as the log has it; `None` where the log has `-`."""

    line: int
    host: str
    user: str | None
    time: datetime
    """Aware, in UTC."""
    method: str | None
    """`None` if the request line isn't HTTP (a port scan, TLS sent to a plain port)."""
    path: str
    """Without the query; the whole request line if that isn't HTTP."""
    query: str | None
    protocol: str | None
    status: int
    size: int
    """Bytes of the response's body."""
    referrer: str | None = None
    agent: str | None = None
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that isn't a log entry, with where it stands and why."""

    file: str
    line: int
    reason: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}: {self.text}"


@dataclass(frozen=True, slots=True)
class Log:
    """All of one file."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

"""How much to say, and about what.

    Options(limit=20, site="www.example.org")
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line sets of a report."""

    limit: int = 10
    """Rows in each table."""
    slow: float = 1000
    """Milliseconds from which a response is slow."""
    site: str | None = None
    """The logged site's own host name; `None` to guess."""
    conditions: Sequence[str] = ()
    """The filter, for people."""

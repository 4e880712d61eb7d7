"""Requests over time, in as many bars as fit a page.

    traffic = Traffic.of(store)
    traffic.span.noun, [(bucket.start, bucket.requests) for bucket in traffic.buckets]
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from weblog.store import Store

__all__ = ["Bucket", "Span", "Traffic"]

_MOST_BUCKETS = 72
"""Three days of hours; as text, the chart fits 80 columns."""


class Span(enum.Enum):
    """How long a bucket is."""

    HOUR = timedelta(hours=1)
    DAY = timedelta(days=1)
    WEEK = timedelta(weeks=1)

    @property
    def noun(self) -> str:
        """`hour`, `day`, `week`."""
        return self.name.lower()

    def floor(self, moment: datetime) -> datetime:
        """The start of the bucket that `moment` is in; weeks start on Monday."""
        if self is Span.HOUR:
            return moment.replace(minute=0, second=0)
        midnight = moment.replace(hour=0, minute=0, second=0)
        return midnight - timedelta(days=midnight.weekday()) if self is Span.WEEK else midnight


@dataclass(frozen=True, slots=True)
class Bucket:
    """The requests of one span of time."""

    start: datetime
    requests: int
    errors: int
    """Of those, answered with 4xx or 5xx."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Buckets without gaps, from the first request to the last."""

    span: Span
    buckets: list[Bucket]

    @classmethod
    def of(cls, store: Store) -> "Traffic":
        """The traffic of a store that isn't empty."""
        hours = [
            (datetime.fromisoformat(f"{hour}:00"), int(requests or 0), int(errors or 0))
            for hour, requests, errors in store.rows(
                """
                SELECT substr(time, 1, 13) AS hour, count(*), sum(status >= 400)
                FROM requests GROUP BY hour ORDER BY hour
                """
            )
        ]
        span = _span(hours[-1][0] - hours[0][0])
        sums: dict[datetime, tuple[int, int]] = {}
        start = span.floor(hours[0][0])
        while start <= hours[-1][0]:
            sums[start] = (0, 0)
            start += span.value
        for hour, requests, errors in hours:
            start = span.floor(hour)
            sums[start] = (sums[start][0] + requests, sums[start][1] + errors)
        return cls(span, [Bucket(start, *counts) for start, counts in sums.items()])

    @property
    def peak(self) -> Bucket:
        """The busiest bucket, the first of equals."""
        return max(self.buckets, key=lambda bucket: bucket.requests)

    @property
    def usual(self) -> float:
        """The median of the buckets that have requests."""
        return median(bucket.requests for bucket in self.buckets if bucket.requests)


def _span(length: timedelta) -> Span:
    for span in (Span.HOUR, Span.DAY):
        if length / span.value < _MOST_BUCKETS:
            return span
    return Span.WEEK

"""Charts as SVG, coloured by the style sheet's classes.

    traffic_chart(traffic)   one bar a bucket, errors at its foot, days and a scale at its edges
"""

from collections.abc import Iterator

from weblog.report.markup import Markup, fill, join
from weblog.table import counted
from weblog.traffic import Bucket, Span, Traffic

__all__ = ["traffic_chart"]

# In SVG units; the page scales the whole.
_WIDTH = 960
_HEIGHT = 260
_LEFT = 44
_RIGHT = 4
_TOP = 12
_BOTTOM = 34
_FOOT = _HEIGHT - _BOTTOM


def traffic_chart(traffic: Traffic) -> Markup:
    """Requests over time."""
    peak = traffic.peak
    top = _round_up(peak.requests)
    noun = traffic.span.noun
    description = (
        f"Requests per {noun}. The most are {peak.requests}, "
        f"in the {noun} from {peak.start:%Y-%m-%d %H:%M} UTC."
    )
    return fill(
        "chart",
        width=_WIDTH,
        height=_HEIGHT,
        description=description,
        grid=join(_grid(top)),
        bars=join(_bars(traffic, top)),
        labels=join(_labels(traffic)),
    )


def _grid(top: int) -> Iterator[Markup]:
    steps = 4
    for step in range(steps + 1):
        value = top * step // steps
        y = _FOOT - _scale(value, top)
        yield fill("chart-line", x1=_LEFT, x2=_WIDTH - _RIGHT, y=f"{y:.1f}")
        yield fill("chart-label", x=_LEFT - 8, y=f"{y + 4:.1f}", anchor="end", text=f"{value:,}")


def _bars(traffic: Traffic, top: int) -> Iterator[Markup]:
    pitch = _pitch(traffic)
    gap = min(2.0, pitch * 0.2)
    for index, bucket in enumerate(traffic.buckets):
        whole = _scale(bucket.requests, top)
        errors = _scale(bucket.errors, top)
        yield fill(
            "chart-bar",
            x=f"{_LEFT + index * pitch + gap / 2:.1f}",
            width=f"{pitch - gap:.1f}",
            band_y=_TOP,
            band_height=_FOOT - _TOP,
            ok_y=f"{_FOOT - whole:.1f}",
            ok_height=f"{whole - errors:.1f}",
            error_y=f"{_FOOT - errors:.1f}",
            error_height=f"{errors:.1f}",
            title=_bar_title(bucket),
        )


def _labels(traffic: Traffic) -> Iterator[Markup]:
    """The days, and the hours between where there is room."""
    pitch = _pitch(traffic)
    end = 0.0
    for index, bucket in enumerate(traffic.buckets):
        x = _LEFT + index * pitch
        midnight = bucket.start.hour == 0
        if (index == 0 or midnight) and x >= end:
            yield fill(
                "chart-label",
                x=f"{x:.1f}",
                y=_FOOT + 30,
                anchor="start",
                text=f"{bucket.start:%a %d %b}",
            )
            end = x + 80
        if traffic.span is Span.HOUR and bucket.start.hour % 6 == 0:
            yield fill(
                "chart-label",
                x=f"{x:.1f}",
                y=_FOOT + 15,
                anchor="start",
                text=f"{bucket.start:%H:%M}",
            )


def _bar_title(bucket: Bucket) -> str:
    requests = counted(bucket.requests, "request")
    return f"{bucket.start:%Y-%m-%d %H:%M} UTC: {requests}, {counted(bucket.errors, 'error')}"


def _pitch(traffic: Traffic) -> float:
    return min((_WIDTH - _LEFT - _RIGHT) / len(traffic.buckets), 60.0)


def _scale(value: int, top: int) -> float:
    return value / top * (_FOOT - _TOP)


def _round_up(value: int) -> int:
    """The end of the scale: the next of 4, 8, 12, 20, 40, 80, 120, 200, …"""
    unit = 1
    while True:
        for step in (4, 8, 12, 20):
            if step * unit >= value:
                return step * unit
        unit *= 10

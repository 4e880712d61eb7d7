"""HTML in which nothing is forgotten to be escaped: text and markup are different types.

    fill("tile", title="Sent", value="<b>")   ->  Markup('… &lt;b&gt; …')

A file in `weblog/templates` holds several parts, each under a comment `<!-- part: name -->` and
each a `string.Template`. Values that are `Markup` go in as they are, all others escaped.
"""

import html
import re
import string
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from weblog.table import printable

__all__ = ["Markup", "fill", "join", "stylesheet"]


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(name: str, /, **values: object) -> Markup:
    """The part `name` with its placeholders filled; a missing value is a `KeyError`."""
    escaped = {key: _escape(value) for key, value in values.items()}
    return Markup(_parts()[name].substitute(escaped))


def join(parts: Iterable[object]) -> Markup:
    """One after the other."""
    return Markup("".join(map(_escape, parts)))


def stylesheet() -> Markup:
    """The report's style sheet, to stand in a `<style>` element."""
    return Markup((_folder() / "style.css").read_text("utf-8"))


_HEADING = re.compile(r"<!-- part: ([a-z-]+) -->\n")


def _escape(value: object) -> str:
    return value if isinstance(value, Markup) else html.escape(printable(str(value)))


@cache
def _parts() -> dict[str, string.Template]:
    parts: dict[str, string.Template] = {}
    for file in _folder().iterdir():
        if file.name.endswith((".html", ".svg")):
            _, *texts = _HEADING.split(file.read_text("utf-8"))
            parts.update(zip(texts[::2], map(string.Template, texts[1::2]), strict=True))
    return parts


def _folder() -> Traversable:
    return resources.files("weblog") / "templates"

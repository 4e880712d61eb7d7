"""Functions with annotations, for hooks that check them."""

from .inner import counted


def doubled(number: int) -> int:
    return number * 2

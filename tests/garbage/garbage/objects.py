"""Six hundred megabytes. CPython has a sixth of it in use at a time."""

from . import Cycle, peak

for _ in range(12_000):
    Cycle(bytearray(50_000))
assert peak() < 400, peak()

"""Six megabytes."""

from . import Cycle

for _ in range(110):
    Cycle(bytearray(50_000))

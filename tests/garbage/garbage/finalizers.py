"""Finalizers run while the module is still imported."""

from . import Cycle

gone = 0


class Mortal(Cycle):
    def __del__(self):
        global gone
        gone += 1


for _ in range(20_000):
    Mortal()
assert gone > 15_000, gone

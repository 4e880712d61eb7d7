"""Each of many small modules leaves a little."""

import importlib
import sys

from . import Cycle, peak

for _ in range(150):
    sys.modules.pop("garbage.small", None)
    importlib.import_module("garbage.small")
assert peak() < 400, peak()

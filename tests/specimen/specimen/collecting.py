"""Notes how patient the garbage collector is while it is imported."""

import gc

THRESHOLD = gc.get_threshold()

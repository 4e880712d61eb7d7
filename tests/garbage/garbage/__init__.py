"""Modules that work while they are imported, and leave cycles behind."""

import resource


def peak():
    """The most memory that the process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Cycle:
    def __init__(self, payload=None):
        self.itself = self
        self.payload = payload

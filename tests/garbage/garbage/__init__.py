"""Modules that do work while they are imported, and create reference cycles."""

import resource


def peak():
    """The process's peak memory in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Cycle:
    def __init__(self, payload=None):
        self.itself = self
        self.payload = payload

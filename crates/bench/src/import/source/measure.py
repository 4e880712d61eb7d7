"""Imports one workload and prints the processor time it took, in nanoseconds, and how many modules came."""

# What a bundled standard library has imported by now; with files it is imported here.
import os  # noqa: F401
import site  # noqa: F401
import sys
import time


def measure(workload):
    before = len(sys.modules)
    start = time.process_time_ns()
    __import__(f"load_{workload}")
    taken = time.process_time_ns() - start
    print(taken, len(sys.modules) - before)

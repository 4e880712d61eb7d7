"""Imports one workload, and prints the processor time in nanoseconds and the number of imported modules."""

# A bundled standard library has imported these by now. With files they are imported here.
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

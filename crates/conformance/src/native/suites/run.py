"""Runs a package's own tests with the pytest that is installed next to it."""

import os
import sys

# The tests of f2py stop when they are collected, since they need meson and a Fortran compiler.
OPTIONS = ["-p", "suites.record", "-q", "--tb=line", "--continue-on-collection-errors"]

# Parts of pandas' suite that need only pandas.
PANDAS = ["libs", "tslibs", "indexing", "reshape", "util", "internals", "frame/methods"]


def run(name, _):
    # Tests change the current directory.
    os.environ["SUITE_OUTCOMES"] = os.path.abspath("outcomes.txt")
    options = [*OPTIONS, "-o", "cache_dir=" + os.path.abspath("cache")]
    if name == "numpy":
        import numpy

        numpy.test(extra_argv=options)
    else:
        import pandas
        import pytest

        # Paths, as `pandas.test` gives: with names of packages, pytest reads pandas' `conftest.py` too late.
        parts = [os.path.join(os.path.dirname(pandas.__file__), "tests", part) for part in PANDAS]
        pytest.main([*options, "-m", "not slow and not network and not db", *parts])
    sys.stdout.flush()

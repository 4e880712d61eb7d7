"""Runs a package's own tests with the pytest that is installed next to it."""

import os
import sys

OPTIONS = ["-p", "suites.record", "-p", "no:cacheprovider", "-q", "--tb=line"]

# Parts of pandas' suite that need only pandas.
PANDAS = ["libs", "tslibs", "indexing", "reshape", "util", "internals"]


def run(name, _):
    # Tests change the current directory.
    os.environ["SUITE_OUTCOMES"] = os.path.abspath("outcomes.txt")
    if name == "numpy":
        import numpy

        numpy.test(extra_argv=OPTIONS)
    else:
        import pytest

        parts = [f"pandas.tests.{part}" for part in PANDAS]
        pytest.main([*OPTIONS, "-m", "not slow and not network and not db", "--pyargs", *parts])
    sys.stdout.flush()

"""Runs a module of tests with unittest, and writes the outcome of each as JSON.

    outcomes.py REPORT MODULE      the module is in the current directory

`python -m test` runs only modules of the package `test`.
"""
import collections
import json
import os
import sys
import unittest


class Result(unittest.TextTestResult):
    """Notes each outcome by the test's name. Subtests count as their test."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = collections.defaultdict(set)

    def note(self, test, kind):
        # `test` is an _ErrorHolder if a class or module can't be set up.
        self.outcomes[getattr(test, "test_case", test).id()].add(kind)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failure")

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "error")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failure")


def main(report, module):
    sys.path.insert(0, os.getcwd())
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    result = unittest.TextTestRunner(verbosity=2, resultclass=Result).run(suite)
    outcomes = {name: "/".join(sorted(kinds - {"ok"})) or "ok" for name, kinds in result.outcomes.items()}
    with open(report, "w", encoding="utf-8") as stream:
        json.dump(outcomes, stream)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Runs one suite of CPython's own tests in this interpreter, and prints each test's outcome as JSON.

    python run.py zipimport            with our importer
    python run.py zipimport --plain    without it: the interpreter's own outcomes
"""
import collections
import importlib
import json
import os
import sys
import tempfile
import unittest


class Outcomes(unittest.TestResult):
    """One word for each test: ok, skipped, FAIL or ERROR; the worst of its subtests."""

    def __init__(self):
        super().__init__()
        self.tests, self.details = {}, {}

    def note(self, test, word, detail=""):
        name = getattr(test, "test_case", test).id()
        if self.tests.get(name) not in ("FAIL", "ERROR"):
            self.tests[name] = word
        if detail:
            self.details.setdefault(name, detail)

    def addSuccess(self, test):
        self.note(test, "ok")

    def addSkip(self, test, reason):
        self.note(test, "skipped", reason)

    def addExpectedFailure(self, test, err):
        self.note(test, "ok")

    def addUnexpectedSuccess(self, test):
        self.note(test, "FAIL", "unexpected success")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "FAIL", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "ERROR", self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            word, last = ("FAIL", self.failures) if issubclass(err[0], test.failureException) else ("ERROR", self.errors)
            self.note(test, word, last[-1][1])


#: How often a method of one of our importer's classes was called, by class.
served = collections.Counter()


def count(frame, event, function):
    if event == "c_call":
        kind = type(getattr(function, "__self__", None))
        if kind.__module__ == "include_py":
            served[kind.__name__] += 1


def main(name, plain):
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    # Some tests leave nothing on sys.path while they run, and `python -m test` has imported these by then.
    import __future__, codeop, importlib.metadata  # noqa: E401, F401

    import suites

    suite = suites.SUITES[name]
    if not plain:
        suite.prepare()
    from test import support

    # Like `python -m test` without `-u`: nothing that needs gigabytes or the network.
    support.use_resources = []
    tests = unittest.TestSuite()
    for module in suite.modules(plain):
        loaded = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(module))
        tests.addTest(loaded)
    tests = suite.select(tests)
    outcomes = Outcomes()
    outcomes.buffer = True
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        sys.setprofile(count)
        tests.run(outcomes)
        sys.setprofile(None)
        os.chdir("/")
    json.dump({"tests": outcomes.tests, "details": outcomes.details, "served": served}, sys.__stdout__)


if __name__ == "__main__":
    main(sys.argv[1], "--plain" in sys.argv[2:])

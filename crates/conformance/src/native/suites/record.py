"""A plugin of pytest: writes the result of each test, one a line, to a file in the current directory."""

import os

RANK = ["passed", "skipped", "failed"]
outcomes = {}


def note(name, outcome):
    # The package's location differs between the runs, while its content doesn't.
    name = name.replace(os.sep, "/").replace("\n", " ")
    before = outcomes.get(name, "passed")
    outcomes[name] = max(before, outcome, key=RANK.index)


def pytest_runtest_logreport(report):
    note(report.nodeid, report.outcome)


def pytest_collectreport(report):
    if report.outcome != "passed":
        note(f"{report.nodeid}::collected", report.outcome)


def pytest_sessionfinish():
    with open(os.environ["SUITE_OUTCOMES"], "w", encoding="utf-8") as file:
        for name, outcome in sorted(outcomes.items()):
            print(outcome, name, file=file)

"""Runs test modules by `python -m test`, in the program that contains the library and in the interpreter.

    python hosted.py PROGRAM [MODULE]…      prints a JSON object for each module

Both run in an empty directory, isolated, in UTF-8 mode, without environment variables. Each test's outcome is
read from the report of `python -m test --junit-xml`, or of `outcomes.py`.
"""
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

# In seconds; the tests of multiprocessing take minutes.
LIMIT = 1800

# Some installations have the tests of multiprocessing, but not the modules that select a start method.
PREFIX = "test_multiprocessing_"
START_METHODS = [PREFIX + method for method in ("fork", "spawn", "forkserver")]
START_METHOD = """\
from test import _test_multiprocessing

_test_multiprocessing.install_tests_in_module_dict(globals(), {method!r})
"""


def outcomes(command, module):
    with tempfile.TemporaryDirectory() as directory:
        report = os.path.join(directory, "report")
        work = os.path.join(directory, "work")
        os.mkdir(work)
        if exists(module):
            tests = ["-m", "test", "--junit-xml", report, module]
            read = from_xml
        else:
            with open(os.path.join(work, module + ".py"), "w", encoding="utf-8") as stream:
                stream.write(START_METHOD.format(method=module.removeprefix(PREFIX)))
            tests = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "outcomes.py"), report, module]
            read = from_json
        arguments = [*command, "-I", "-B", "-X", "utf8", *tests]
        try:
            done = subprocess.run(
                arguments, cwd=work, env={"TMPDIR": work}, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            return {"(all)": "timeout"}, ""
        output = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        found = read(report) if os.path.exists(report) else {}
        found["(exit code)"] = str(done.returncode)
        return found, output


def from_xml(report):
    found = {}
    for case in xml.parse(report).iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("error", "failure", "skipped")]
        if case.get("name"):
            found[case.get("name")] = "/".join(kinds) or "ok"
    return found


def from_json(report):
    with open(report, encoding="utf-8") as stream:
        return json.load(stream)


def exists(module):
    try:
        return importlib.util.find_spec("test." + module) is not None
    except ModuleNotFoundError:
        return False


def can_run(module):
    """Whether this version has the tests, or those from which `START_METHOD` makes them."""
    return exists(module) or module in START_METHODS and exists("_test_multiprocessing")


def main(program, modules):
    # Background jobs of a shell ignore it, and so would the programs.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for module in filter(can_run, modules):
        ours, output = outcomes([program], module)
        theirs, _ = outcomes([sys.executable], module)
        different = {
            name: [ours.get(name, "absent"), theirs.get(name, "absent")]
            for name in sorted(ours.keys() | theirs.keys())
            if ours.get(name) != theirs.get(name)
        }
        if different:
            # Useless where the results of single tests show the difference.
            different.pop("(exit code)", None) if len(different) > 1 else None
            print(output[-4000:], file=sys.stderr)
        result = {
            "module": module,
            "tests": len(ours) - 1,
            "skipped": sum(kind == "skipped" for kind in ours.values()),
            "failed": [name for name, kind in ours.items() if kind not in ("ok", "skipped") and name != "(exit code)"],
            "different": different,
        }
        print(json.dumps(result), flush=True)


main(sys.argv[1], sys.argv[2:])

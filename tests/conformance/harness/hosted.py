"""Runs test modules by `python -m test`, in the program that contains the library and in the interpreter.

    python hosted.py PROGRAM [MODULE]…      prints a JSON object for each module

Both run in an empty directory, isolated, in UTF-8 mode, without environment variables. Each test's outcome is
read from the report of `python -m test --junit-xml`.
"""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

# In seconds; the tests of multiprocessing take minutes.
LIMIT = 1800


def outcomes(command, module):
    with tempfile.TemporaryDirectory() as directory:
        report = os.path.join(directory, "report.xml")
        work = os.path.join(directory, "work")
        os.mkdir(work)
        arguments = [*command, "-I", "-B", "-X", "utf8", "-m", "test", "--junit-xml", report, module]
        try:
            done = subprocess.run(
                arguments, cwd=work, env={"TMPDIR": work}, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            return {"(all)": "timeout"}, ""
        output = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        found = {}
        if os.path.exists(report):
            for case in xml.parse(report).iter("testcase"):
                kinds = [child.tag for child in case if child.tag in ("error", "failure", "skipped")]
                if case.get("name"):
                    found[case.get("name")] = "/".join(kinds) or "ok"
        found["(exit code)"] = str(done.returncode)
        return found, output


def exists(module):
    try:
        return importlib.util.find_spec("test." + module) is not None
    except ModuleNotFoundError:
        return False


def main(program, modules):
    for module in filter(exists, modules):
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
        result = {"module": module, "tests": len(ours) - 1, "different": different}
        print(json.dumps(result), flush=True)


main(sys.argv[1], sys.argv[2:])

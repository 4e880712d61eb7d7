"""Prints the result of each test of a JUnit report, one a line: `suites.py REPORT`."""
import sys
import xml.etree.ElementTree as ElementTree


def main(report):
    lines = []
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed")
        lines.append(f"{case.get('classname', '')}.{case.get('name')}\t{outcome}".replace("\n", " "))
    print("\n".join(sorted(lines)))


main(*sys.argv[1:])

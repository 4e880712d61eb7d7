"""coverage: lines and branches of bundled code, and reports that show its source."""

import io
import json
import os

import coverage


def main():
    path = os.path.join(os.path.dirname(__file__), "measured.py")
    measured = coverage.Coverage(data_file=None, config_file=False, branch=True, include=[path])
    measured.start()
    from smoke.measured import kind

    assert kind(1) == "positive"
    measured.stop()
    _, lines, _, missing, _ = measured.analysis2(path)
    text = io.StringIO()
    measured.report(file=text, show_missing=True)
    measured.json_report(outfile="coverage.json")
    with open("coverage.json") as stream:
        [file] = json.load(stream)["files"].values()
    measured.html_report(directory="html")
    [page] = [name for name in os.listdir("html") if "measured" in name]
    with open(os.path.join("html", page)) as stream:
        assert "positive" in stream.read()
    return [lines, missing, text.getvalue().split()[-5:], file["missing_branches"]]

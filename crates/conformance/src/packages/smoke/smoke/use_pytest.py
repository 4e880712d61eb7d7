"""pytest: a test file on disk, against bundled code, with rewritten assertions and plugins of its own."""

import contextlib
import io
import pathlib

import pytest

TESTS = """
import pytest
from smoke.calculator import add

@pytest.fixture
def one(tmp_path):
    (tmp_path / "one").write_text("1")
    return int((tmp_path / "one").read_text())

@pytest.mark.parametrize("b, sum", [(1, 2), (2, 3)])
def test_add(one, b, sum):
    assert add(one, b) == sum

def test_wrong():
    assert add(1, 1) == 3

def test_output(capsys, monkeypatch):
    monkeypatch.setattr("smoke.calculator.add", lambda a, b: print("called"))
    import smoke.calculator
    smoke.calculator.add(1, 1)
    assert capsys.readouterr().out == "called\\n"
"""


def main():
    pathlib.Path("test_add.py").write_text(TESTS)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = pytest.main(["-p", "no:cacheprovider", "--basetemp=temporary", "--doctest-modules", "test_add.py"])
    text = output.getvalue()
    assert code == pytest.ExitCode.TESTS_FAILED, text
    assert "1 failed, 3 passed" in text, text
    assert "assert 2 == 3" in text and "where 2 = add(1, 1)" in text, text

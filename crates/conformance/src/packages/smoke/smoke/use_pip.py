"""pip, unpacked: as a module, and by the path of the script by which it starts itself."""

import contextlib
import io
import os
import runpy
import subprocess
import sys

import pip


def main():
    arguments, sys.argv = sys.argv, ["pip", "--version"]
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            runpy.run_module("pip", run_name="__main__")
    except SystemExit as end:
        assert not end.code
    finally:
        sys.argv = arguments
    script = os.path.join(os.path.dirname(pip.__file__), "__pip-runner__.py")
    again = subprocess.run([sys.executable, script, "--version"], capture_output=True, check=True, text=True).stdout
    return [text.split()[:2] for text in (shown.getvalue(), again)]

"""Runs one smoke test, then checks where everything came from: `run("rich")`."""

import importlib
import os
import sys


def run(name):
    show(name)
    bundled = [module for module in list(sys.modules.values()) if is_bundled(module)]
    # celery puts an object of its own in the place of its module; importlib loads what is
    # machine code (pydantic) or unpacked.
    modules = [module for module in list(sys.modules.values()) if is_bundled(module) or is_inside(module)]
    assert any(module.__name__.partition(".")[0] == name for module in modules)
    strangers = sorted(module.__name__ for module in list(sys.modules.values()) if is_strange(module))
    assert not strangers, f"not from the bundle: {strangers}"
    print(len(bundled))


def show(name):
    """Prints what the test found: the same as with CPython and files."""
    print(repr(importlib.import_module(f"smoke.use_{name}").main()))


def is_bundled(module):
    return type(getattr(module, "__loader__", None)).__module__ == "include_py"


def is_inside(module):
    """Whether its place is in the bundle, or where that has unpacked it."""
    file = getattr(module, "__file__", None) or ""
    return any(file.startswith(root + os.sep) for root in (sys.executable, os.environ["INCLUDE_PY_CACHE"]))


def is_strange(module):
    """Whether it came from a file that is neither an extension module nor one of the test's own."""
    file = getattr(module, "__file__", None)
    # importlib's core is frozen into every interpreter.
    if file is None or is_bundled(module) or getattr(module.__spec__, "origin", None) == "frozen":
        return False
    # `__main__` and what pytest was told to collect lie in the current directory.
    own = os.path.realpath(file).startswith(os.path.realpath(os.getcwd()) + os.sep)
    return not own and not is_inside(module) and "lib-dynload" not in file

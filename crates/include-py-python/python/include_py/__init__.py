"""Compiles Python sources to CPython's bytecode, in Rust.

>>> import include_py
>>> pyc = include_py.compile_to_pyc(b"x = 1", "spam.py", target="3.13.0")
>>> include_py.diff(pyc, pyc)
[]

`include_py.compileall` and `include_py.py_compile` replace the standard library's modules of the same names.
"""

from . import _native
from ._native import __version__, compile_to_pyc, diff, normalize

__all__ = ["compile_to_pyc", "diff", "dis", "normalize", "__version__"]


def dis(pyc, *, show_caches=False, show_offsets=False, show_positions=False):
    """List the instructions of a .pyc file, as `python -m dis` of its version does, with the options of `dis.dis`."""
    options = {"show_caches": show_caches, "show_offsets": show_offsets, "show_positions": show_positions}
    return _native.dis(pyc, [name for name, wanted in options.items() if wanted])

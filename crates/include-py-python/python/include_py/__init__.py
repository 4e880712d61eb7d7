"""Compiles Python sources to CPython's bytecode, in Rust.

>>> import include_py
>>> pyc = include_py.compile_to_pyc(b"x = 1", "spam.py", target="3.13.0")
>>> include_py.diff(pyc, pyc)
[]

`include_py.compileall` and `include_py.py_compile` replace the standard library's modules of the same names.
"""

from ._native import __version__, compile_to_pyc, diff, dis, normalize

__all__ = ["compile_to_pyc", "diff", "dis", "normalize", "__version__"]

"""Replaces the module `py_compile` by that of the package include_py while CPython's test_py_compile runs.

As for users of the package, the exception and the enumeration are CPython's own, from the module beside this one.
"""
import os
import sys

# When this file runs as a program, the package imports it as `py_compile`, too.
sys.modules.setdefault("py_compile", sys.modules[__name__])
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "_their_py_compile.py")) as _file:
    _theirs = {"__name__": "py_compile"}
    exec(_file.read(), _theirs)
PycInvalidationMode = _theirs["PycInvalidationMode"]
PyCompileError = _theirs["PyCompileError"]
_get_default_invalidation_mode = _theirs["_get_default_invalidation_mode"]
__all__ = _theirs["__all__"]

from include_py.py_compile import compile, main

if __name__ == "__main__":
    main()

"""Stands in for the module `py_compile` while CPython's test_py_compile runs: that of the package include_py.

The exception and the enumeration are CPython's own, from the module beside this one, as for users of the package.
"""
import os
import sys

# Run as a program, it is the module that the package imports, too.
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

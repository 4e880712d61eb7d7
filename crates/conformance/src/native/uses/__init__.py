"""Uses of packages with extension modules: each `use_*.py` has a function `use()`, whose result is printed.

The result must be the same from files and from a binary.
"""

"""SymPy, which imports nearly all of itself."""

import sympy  # noqa: F401

from ._native import __version__ as __version__
from ._native import compile_to_pyc as compile_to_pyc
from ._native import diff as diff
from ._native import normalize as normalize

__all__ = ["compile_to_pyc", "diff", "dis", "normalize", "__version__"]

def dis(
    pyc: bytes,
    *,
    show_caches: bool = False,
    show_offsets: bool = False,
    show_positions: bool = False,
) -> str: ...

from os import PathLike
from py_compile import PycInvalidationMode as PycInvalidationMode, PyCompileError as PyCompileError

_Path = str | bytes | PathLike[str] | PathLike[bytes]

def compile(
    file: _Path,
    cfile: _Path | None = None,
    dfile: _Path | None = None,
    doraise: bool = False,
    optimize: int = -1,
    invalidation_mode: PycInvalidationMode | None = None,
    quiet: int = 0,
) -> _Path | None: ...
def main() -> None: ...

from collections.abc import Iterable
from os import PathLike
from py_compile import PycInvalidationMode
from re import Pattern

_Path = str | bytes | PathLike[str] | PathLike[bytes]

def compile_dir(
    dir: _Path,
    maxlevels: int | None = None,
    ddir: _Path | None = None,
    force: bool = False,
    rx: Pattern[str] | None = None,
    quiet: int = 0,
    legacy: bool = False,
    optimize: int | Iterable[int] = -1,
    workers: int = 1,
    invalidation_mode: PycInvalidationMode | None = None,
    *,
    stripdir: _Path | None = None,
    prependdir: _Path | None = None,
    limit_sl_dest: _Path | None = None,
    hardlink_dupes: bool = False,
    target: str | Iterable[str] | None = None,
    exclude: str | Iterable[str] | None = None,
    out_dir: _Path | None = None,
) -> bool: ...
def compile_file(
    fullname: _Path,
    ddir: _Path | None = None,
    force: bool = False,
    rx: Pattern[str] | None = None,
    quiet: int = 0,
    legacy: bool = False,
    optimize: int | Iterable[int] = -1,
    invalidation_mode: PycInvalidationMode | None = None,
    *,
    stripdir: _Path | None = None,
    prependdir: _Path | None = None,
    limit_sl_dest: _Path | None = None,
    hardlink_dupes: bool = False,
    target: str | Iterable[str] | None = None,
    exclude: str | Iterable[str] | None = None,
    out_dir: _Path | None = None,
) -> bool: ...
def compile_path(
    skip_curdir: bool = ...,
    maxlevels: int = 0,
    force: bool = False,
    quiet: int = 0,
    legacy: bool = False,
    optimize: int | Iterable[int] = -1,
    invalidation_mode: PycInvalidationMode | None = None,
    *,
    target: str | Iterable[str] | None = None,
    exclude: str | Iterable[str] | None = None,
    out_dir: _Path | None = None,
) -> bool: ...

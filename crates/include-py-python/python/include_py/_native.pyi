from collections.abc import Callable, Sequence
from typing import Any

__version__: str

def main(arguments: Sequence[str]) -> int: ...
def compile_to_pyc(
    source: bytes,
    filename: str,
    *,
    target: str | None = None,
    optimize: int = 0,
    mtime: int | None = None,
) -> bytes: ...
def compile_to_stream(
    source: bytes, filename: str, target: str, optimize: int
) -> tuple[bytes, list[tuple[str, type[Warning], int, str]]]: ...
def dis(pyc: bytes, shown: Sequence[str]) -> str: ...
def normalize(pyc: bytes) -> bytes: ...
def diff(left: bytes, right: bytes) -> list[str]: ...
def compile_tree(
    kind: str,
    path: str,
    quiet: int,
    options: dict[str, Any],
    report: Callable[[str, list[tuple[str, type[Warning], str, int]]], None],
) -> bool: ...

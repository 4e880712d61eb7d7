"""The functions of the standard library's `py_compile`, compiled by include-py.

>>> import include_py.py_compile as py_compile
>>> py_compile.compile("spam.py")
'__pycache__/spam.cpython-313.pyc'

Arguments, return values, exceptions and output are those of `py_compile` of CPython 3.13. The exception and the enumeration
are the standard library's own, so that programs may mix both.
"""

import importlib.util
import os
import stat
import sys
import threading
import warnings
from py_compile import PycInvalidationMode, PyCompileError

from . import _native

__all__ = ["compile", "main", "PyCompileError", "PycInvalidationMode"]


def compile(file, cfile=None, dfile=None, doraise=False, optimize=-1, invalidation_mode=None, quiet=0):
    """Compile one source to a .pyc file; return that file's name, or None if the source is invalid.

    file:      the source
    cfile:     the file to write (default: where Python looks for it)
    dfile:     the source's file name in code and messages (default: file)
    doraise:   raise PyCompileError for an invalid source instead of printing it on standard error
    optimize:  a level; -1 uses the interpreter's own level
    invalidation_mode:  a PycInvalidationMode
    quiet:     2 neither raises nor prints errors of an invalid source

    If cfile exists and isn't a regular file, FileExistsError is raised, because it would be replaced by one.
    """
    if invalidation_mode is None:
        has_date = os.environ.get("SOURCE_DATE_EPOCH")
        invalidation_mode = PycInvalidationMode.CHECKED_HASH if has_date else PycInvalidationMode.TIMESTAMP
    if cfile is None:
        cfile = _cache_file(file, optimize)
    _check(cfile)
    with open(file, "rb") as stream:
        source = stream.read()
        status = os.fstat(stream.fileno())
    level = sys.flags.optimize if optimize == -1 else optimize
    try:
        code = _code(source, os.fsdecode(dfile or file), min(level, 2))
    except Exception as error:
        refused = PyCompileError(type(error), error, dfile or file)
        if quiet < 2 and doraise:
            raise refused
        if quiet < 2:
            sys.stderr.write(refused.msg + "\n")
        return None
    _write(cfile, _header(source, status, invalidation_mode) + code, (status.st_mode | stat.S_IWUSR) & 0o666)
    return cfile


def _cache_file(file, optimize):
    """The file in which Python looks for a source's code at this level."""
    if optimize < 0:
        return importlib.util.cache_from_source(file)
    return importlib.util.cache_from_source(file, optimization=optimize or "")


def _check(cfile):
    kind = None
    if os.path.islink(cfile):
        kind = "a symlink and will be changed into a regular file"
    elif os.path.exists(cfile) and not os.path.isfile(cfile):
        kind = "a non-regular file and will be changed into a regular one"
    if kind is not None:
        raise FileExistsError(f"{cfile} is {kind} if import writes a byte-compiled file to it")


def _code(source, filename, level):
    """The marshalled code. A warning that a filter turns into an error becomes a SyntaxError, as in CPython's compiler."""
    target = "%d.%d.%d" % sys.version_info[:3]
    code, reported = _native.compile_to_stream(source, filename, target, level)
    for message, category, line, text in reported:
        try:
            warnings.warn_explicit(message, category, filename, line)
        except category as warning:
            raise SyntaxError(str(warning), (filename, line, None, text)) from None
    return code


def _header(source, status, mode):
    """The header before the code (PEP 552)."""
    magic = importlib.util.MAGIC_NUMBER
    if mode == PycInvalidationMode.TIMESTAMP:
        numbers = (0, int(status.st_mtime), status.st_size)
        return magic + b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for number in numbers)
    flags = 0b11 if mode == PycInvalidationMode.CHECKED_HASH else 0b01
    return magic + flags.to_bytes(4, "little") + importlib.util.source_hash(source)


def _write(cfile, data, mode):
    """Write to a temporary file and rename it, so that an incomplete file is never visible."""
    directory = os.path.dirname(os.fspath(cfile))
    if directory:
        os.makedirs(directory, exist_ok=True)
    temporary = f"{cfile}.{os.getpid()}.{threading.get_ident()}"
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
        os.replace(temporary, cfile)
    except OSError:
        os.unlink(temporary)
        raise


def main():
    """`python -m include_py.py_compile [-q] FILE…`: compile files until one is invalid."""
    import argparse

    parser = argparse.ArgumentParser(description="Compile Python sources to .pyc files.")
    parser.add_argument("-q", "--quiet", action="store_true", help="don't print why a file is invalid")
    parser.add_argument("filenames", nargs="+", help="sources; - reads their names from standard input")
    arguments = parser.parse_args()
    files = arguments.filenames
    if files == ["-"]:
        files = [line.rstrip("\n") for line in sys.stdin]
    for file in files:
        try:
            compile(file, doraise=True)
        except (PyCompileError, OSError) as error:
            reason = error.msg if isinstance(error, PyCompileError) else str(error)
            parser.exit(1, None if arguments.quiet else reason)


if __name__ == "__main__":
    main()

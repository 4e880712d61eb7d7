"""The functions of the standard library's `compileall`, compiled by include-py.

>>> import include_py.compileall as compileall
>>> compileall.compile_dir("src", quiet=1, workers=0)
True

Arguments, return values, output and file names are those of `compileall` of CPython 3.13, on every Python. Each function
has three arguments more, by keyword: `target`, `exclude` and `out_dir`.
"""

import os
import sys
import warnings

from . import _native

__all__ = ["compile_dir", "compile_file", "compile_path"]


def compile_dir(dir, maxlevels=None, ddir=None, force=False, rx=None, quiet=0, legacy=False, optimize=-1, workers=1,
                invalidation_mode=None, *, stripdir=None, prependdir=None, limit_sl_dest=None, hardlink_dupes=False,
                target=None, exclude=None, out_dir=None):
    """Compile all Python sources in a directory and its subdirectories; return whether all were valid.

    maxlevels:       maximum levels of subdirectories (default: no limit)
    ddir:            directory that replaces dir in file names in code
    force:           compile files that are up to date, too
    rx:              a compiled regular expression; files whose path matches are skipped
    quiet:           1 prints errors only, 2 prints nothing
    legacy:          write a.pyc beside a.py instead of into __pycache__
    optimize:        a level or a list of levels; -1 uses the interpreter's own level
    workers:         number of files compiled at once; 0 for one per processor
    invalidation_mode:  a py_compile.PycInvalidationMode
    stripdir, prependdir:  prefixes to remove from and to add to file names in code
    limit_sl_dest:   skip symbolic links that lead out of this directory
    hardlink_dupes:  hard-link files of several levels if their bytes are the same

    Beyond compileall's:

    target:          a release such as "3.13.0", a version such as "3.13" for its newest release, or a list of them
                     (default: the running interpreter)
    exclude:         a pattern or a list of patterns; files and directories are skipped whose name or end of the path
                     matches one: "tests", "test_*.py", "app/**/data"
    out_dir:         write below this directory instead of below dir, in the same subdirectories
    """
    if workers < 0:
        raise ValueError("workers must be greater or equal to 0")
    options = _options(ddir, force, rx, legacy, optimize, invalidation_mode, stripdir, prependdir, limit_sl_dest,
                       hardlink_dupes, target, exclude, out_dir)
    return _run("directory", dir, quiet, options, workers=workers, max_depth=maxlevels)


def compile_file(fullname, ddir=None, force=False, rx=None, quiet=0, legacy=False, optimize=-1,
                 invalidation_mode=None, *, stripdir=None, prependdir=None, limit_sl_dest=None, hardlink_dupes=False,
                 target=None, exclude=None, out_dir=None):
    """Compile one file; return whether it was valid. The arguments are those of compile_dir()."""
    options = _options(ddir, force, rx, legacy, optimize, invalidation_mode, stripdir, prependdir, limit_sl_dest,
                       hardlink_dupes, target, exclude, out_dir)
    if not os.path.isfile(fullname):
        return True
    return _run("file", fullname, quiet, options)


def compile_path(skip_curdir=1, maxlevels=0, force=False, quiet=0, legacy=False, optimize=-1, invalidation_mode=None, *,
                 target=None, exclude=None, out_dir=None):
    """Compile the sources in the directories on sys.path; return whether all were valid."""
    success = True
    for entry in sys.path:
        if (not entry or entry == os.curdir) and skip_curdir:
            if quiet < 2:
                print("Skipping current directory")
        else:
            success = compile_dir(entry, maxlevels, None, force, quiet=quiet, legacy=legacy, optimize=optimize,
                                  invalidation_mode=invalidation_mode, target=target, exclude=exclude,
                                  out_dir=out_dir) and success
    return success


def _options(ddir, force, rx, legacy, optimize, invalidation_mode, stripdir, prependdir, limit_sl_dest,
             hardlink_dupes, target, exclude, out_dir):
    """Convert the common arguments to the options of the native module."""
    if ddir is not None and (stripdir is not None or prependdir is not None):
        raise ValueError("Destination dir (ddir) cannot be used in combination with stripdir or prependdir")
    levels = sorted({_level(level) for level in ([optimize] if isinstance(optimize, int) else optimize)})
    if hardlink_dupes and len(levels) < 2:
        raise ValueError(
            "Hardlinking of duplicated bytecode makes sense only for more than one optimization level")
    return {
        "targets": ["%d.%d.%d" % sys.version_info[:3]] if target is None else _list(target),
        "exclude": [] if exclude is None else _list(exclude),
        "out_dir": _optional_path(out_dir),
        "levels": levels,
        "directory": _optional_path(ddir),
        "strip": _optional_path(stripdir),
        "prepend": _optional_path(prependdir),
        "links_within": _optional_path(limit_sl_dest),
        "cache_prefix": _optional_path(sys.pycache_prefix),
        "invalidation": _invalidation(invalidation_mode),
        "skip": None if rx is None else (lambda path: rx.search(path) is not None),
        "refuses": _refuses(),
        "flags": [name for name, given in (("force", force), ("legacy", legacy), ("hardlink", hardlink_dupes)) if given],
    }


def _refuses():
    """Return a function that says whether the current filters make a warning an error (`_warnings.c: get_filter`, 3.13).

    The filters are evaluated here because the decision is needed before a file is written, in a thread that may have
    other filters.
    """
    filters = list(getattr(warnings, "_get_filters", lambda: warnings.filters)())
    default = warnings.defaultaction == "error"

    def matches(pattern, text):
        if pattern is None or isinstance(pattern, str):
            return pattern is None or pattern == text
        return pattern.match(text) is not None

    def refuses(message, category, filename, line):
        module = filename[:-3] if filename.endswith(".py") else filename
        for action, text, kind, where, at in filters:
            if issubclass(category, kind) and at in (0, line) and matches(text, message) and matches(where, module):
                return action == "error"
        return default

    return refuses


def _list(value):
    return [value] if isinstance(value, str) else list(value)


def _optional_path(path):
    return None if path is None else os.fsdecode(path)


def _level(level):
    return sys.flags.optimize if level == -1 else level


def _invalidation(mode):
    """The name of a mode; py_compile's default for None."""
    if mode is not None:
        return mode.name.lower().replace("_", "-")
    return "checked-hash" if os.environ.get("SOURCE_DATE_EPOCH") else "timestamp"


def _run(kind, path, quiet, options, workers=1, max_depth=None):
    def report(output, reported):
        # Characters that the stream can't encode are escaped.
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        sys.stdout.write(output.encode(encoding, "backslashreplace").decode(encoding))
        for message, category, filename, line in reported:
            warnings.warn_explicit(message, category, filename, line)

    options = {**options, "workers": workers or _processors(), "max_depth": max_depth}
    return _native.compile_tree(kind, os.fsdecode(path), min(int(quiet), 2), options, report)


def _processors():
    """The number of processors available to this process, or of all if the system doesn't report it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

"""Replaces the module `compileall` while CPython's test_compileall runs: each call starts the command.

`cargo xtask conformance compileall` inserts COMMAND.
"""
import os
import subprocess
import sys

COMMAND = "@COMMAND@"


def compile_dir(dir, maxlevels=None, ddir=None, force=False, rx=None, quiet=0, legacy=False, optimize=-1, workers=1,
                invalidation_mode=None, *, stripdir=None, prependdir=None, limit_sl_dest=None, hardlink_dupes=False):
    if workers < 0:
        raise ValueError("workers must be greater or equal to 0")
    depth = [] if maxlevels is None else ["-r", str(maxlevels)]
    options = _options(ddir, force, rx, quiet, legacy, optimize, invalidation_mode, stripdir, prependdir,
                       limit_sl_dest, hardlink_dupes)
    return _run([*depth, "-j", str(workers), *options, dir])


def compile_file(fullname, ddir=None, force=False, rx=None, quiet=0, legacy=False, optimize=-1,
                 invalidation_mode=None, *, stripdir=None, prependdir=None, limit_sl_dest=None, hardlink_dupes=False):
    options = _options(ddir, force, rx, quiet, legacy, optimize, invalidation_mode, stripdir, prependdir,
                       limit_sl_dest, hardlink_dupes)
    return _run([*options, fullname])


def compile_path(skip_curdir=1, maxlevels=0, force=False, quiet=0, legacy=False, optimize=-1, invalidation_mode=None):
    success = True
    for entry in sys.path:
        if (not entry or entry == os.curdir) and skip_curdir:
            if quiet < 2:
                print("Skipping current directory")
        else:
            success &= compile_dir(entry, maxlevels, None, force, quiet=quiet, legacy=legacy, optimize=optimize,
                                   invalidation_mode=invalidation_mode)
    return success


def _options(ddir, force, rx, quiet, legacy, optimize, mode, stripdir, prependdir, limit_sl_dest, hardlink_dupes):
    options = ["-q"] * int(quiet)
    for letter, directory in (("-d", ddir), ("-s", stripdir), ("-p", prependdir), ("-e", limit_sl_dest)):
        if directory is not None:
            options += [letter, directory]
    if rx is not None:
        options += ["-x", rx.pattern]
    for given, letter in ((force, "-f"), (legacy, "-b"), (hardlink_dupes, "--hardlink-dupes")):
        options += [letter] * bool(given)
    if mode is not None:
        options += ["--invalidation-mode", mode.name.lower().replace("_", "-")]
    for level in [optimize] if isinstance(optimize, int) else optimize:
        options += ["-o", str(level)]
    return options


def _environment():
    """The options from the interpreter's flags, and those that tests set at run time."""
    environment = dict(os.environ)
    if sys.flags.optimize:
        environment["PYTHONOPTIMIZE"] = str(sys.flags.optimize)
    if sys.pycache_prefix is not None:
        environment["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    return environment


def _run(arguments):
    arguments = [COMMAND, "compile", "--target", "%d.%d.%d" % sys.version_info[:3], *map(os.fsencode, arguments)]
    outcome = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment())
    # The command writes UTF-8. As in `compileall.py`, characters that the stream can't encode are escaped.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(os.fsdecode(outcome.stdout).encode(encoding, "backslashreplace").decode(encoding))
    sys.stderr.write(os.fsdecode(outcome.stderr))
    if outcome.returncode == 2:
        raise ValueError(os.fsdecode(outcome.stderr))
    return outcome.returncode == 0


def main():
    arguments = [COMMAND, "compile", "--python", sys.executable, *sys.argv[1:]]
    return subprocess.run(arguments, env=_environment()).returncode


if __name__ == "__main__":
    sys.exit(main())

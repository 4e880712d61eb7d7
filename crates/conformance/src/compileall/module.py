"""Replaces the module `compileall` by that of the package include_py while CPython's test_compileall runs."""
import os
import sys

from include_py.compileall import compile_dir, compile_file, compile_path


def main():
    """`python -m compileall`: the package's command for this interpreter, with its flags."""
    from include_py import _native

    if sys.flags.optimize:
        os.environ["PYTHONOPTIMIZE"] = str(sys.flags.optimize)
    return _native.main(["compile", "--python", sys.executable, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

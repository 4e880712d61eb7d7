"""The command `include-py`: `python -m include_py compile src`."""

import sys

from . import _native


def main():
    """Run the command line and return the exit code."""
    return _native.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

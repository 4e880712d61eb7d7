"""Tells what `compile()` raises: the interpreter's side of `cargo xtask conformance errors`.

A request is a source, preceded by its length. An answer is a line of JSON: null, or class, message and location of the exception.
"""
import json
import struct
import sys
import warnings


def plain(value):
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def answer(source, name):
    try:
        compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        found = error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, error.text
        return [type(error).__name__, *map(plain, found)]
    except Exception as error:
        return [type(error).__name__, plain(str(error)), None, None, None, None, None]
    return None


def main(name):
    warnings.simplefilter("ignore")
    requests, answers = sys.stdin.buffer, sys.stdout
    while len(size := requests.read(4)) == 4:
        source = requests.read(*struct.unpack("<I", size))
        print(json.dumps(answer(source, name)), file=answers, flush=True)


main(*sys.argv[1:])

"""Compiles sources on request: the interpreter's side of `cargo xtask conformance compiler`.

A request is optimize (a byte), then name and source, each after its length. An answer is a byte (0: code, 1: refused), then
the marshal stream or the exception's type, message, line and column by lines, then the warnings by lines, each after its length.
"""
import marshal
import struct
import sys
import warnings


def read(file, size):
    data = file.read(size)
    if len(data) < size:
        sys.exit(0)
    return data


def part(file):
    return read(file, *struct.unpack("<I", read(file, 4)))


def one_line(value):
    return str(value).encode("utf-8", "backslashreplace").replace(b"\n", b"\\n")


def answer(source, name, optimize):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            code = compile(source, name, "exec", dont_inherit=True, optimize=optimize)
            status, result = 0, marshal.dumps(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError) as error:
            message = getattr(error, "msg", None) or error
            place = getattr(error, "lineno", None), getattr(error, "offset", None)
            status, result = 1, b"\n".join(map(one_line, (type(error).__name__, message, *place)))
    noted = (b"%s:%d: %s" % (one_line(w.category.__name__), w.lineno or 0, one_line(w.message)) for w in caught)
    return status, result, b"\n".join(noted)


def main():
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        optimize = read(requests, 1)[0]
        name, source = part(requests), part(requests)
        status, *parts = answer(source, name.decode("utf-8", "surrogateescape"), optimize)
        answers.write(bytes([status]))
        for data in parts:
            answers.write(struct.pack("<I", len(data)) + data)
        answers.flush()


main()

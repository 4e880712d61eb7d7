"""Writes which characters are printable: lengths of runs in LEB128, in turn of some that are and some that aren't."""
import sys


def leb128(number):
    while number > 127:
        yield number & 127 | 128
        number >>= 7
    yield number


def runs():
    start, printable = 0, True
    for code in range(0x110000):
        if chr(code).isprintable() != printable:
            yield code - start
            start, printable = code, not printable


sys.stdout.buffer.write(bytes(byte for length in runs() for byte in leb128(length)))

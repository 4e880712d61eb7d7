# This is appended to `tree.py` or `instructions.py`. A request is a source, preceded by its length. The answer is the
# byte and the text that `answer` returns for it; the text is preceded by its length.
import struct
import sys
import warnings


def read(size):
    data = sys.stdin.buffer.read(size)
    if len(data) < size:
        sys.exit(0)
    return data


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(100_000)
    while True:
        status, result = answer(read(*struct.unpack("<I", read(4))))
        data = result.encode("utf-8", "backslashreplace")
        sys.stdout.buffer.write(struct.pack("<BI", status, len(data)) + data)
        sys.stdout.buffer.flush()


main()

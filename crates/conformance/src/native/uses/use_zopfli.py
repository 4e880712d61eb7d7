import zlib

import zopfli.zlib


def use():
    packed = zopfli.zlib.compress(b"hello " * 100)
    return [len(packed), zlib.decompress(packed) == b"hello " * 100]

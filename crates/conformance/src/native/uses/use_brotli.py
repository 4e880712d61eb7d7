import brotli


def use():
    packed = brotli.compress(b"text" * 1000)
    return [len(packed) < 100, brotli.decompress(packed)[:8].decode()]

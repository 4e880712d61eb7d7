import lz4.block
import lz4.frame


def use():
    packed = lz4.frame.compress(b"text" * 1000)
    return [lz4.frame.decompress(packed)[:8].decode(), lz4.block.decompress(lz4.block.compress(b"x" * 99)).decode()]

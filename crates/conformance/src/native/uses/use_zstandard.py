import zstandard


def use():
    packed = zstandard.ZstdCompressor(level=3).compress(b"text" * 1000)
    return [len(packed) < 100, zstandard.ZstdDecompressor().decompress(packed)[:8].decode(), zstandard.backend]

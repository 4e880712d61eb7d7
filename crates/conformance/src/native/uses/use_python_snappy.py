import snappy


def use():
    data = snappy.compress(b"text" * 1000)
    framed = snappy.StreamCompressor().add_chunk(b"text" * 10)
    return [len(data) < 400, snappy.uncompress(data) == b"text" * 1000, snappy.StreamDecompressor().decompress(framed) == b"text" * 10]

import cramjam


def use():
    data = b"some text, " * 100
    kinds = [cramjam.snappy, cramjam.brotli, cramjam.gzip, cramjam.zstd, cramjam.lz4]
    return [bytes(kind.decompress(kind.compress(data))) == data for kind in kinds]

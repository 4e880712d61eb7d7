import pyzstd


def use():
    data = pyzstd.compress(b"text" * 1000, 5)
    trained = pyzstd.train_dict([b"%d some common text %d" % (n, n * n) for n in range(500)], 400)
    small = pyzstd.compress(b"7 some common text 49", zstd_dict=trained)
    return [pyzstd.decompress(data) == b"text" * 1000, pyzstd.decompress(small, trained).decode(), pyzstd.zstd_version]

import gzip

from isal import igzip, isal_zlib


def use():
    data = b"hello " * 1000
    return [gzip.decompress(igzip.compress(data)) == data, isal_zlib.decompress(isal_zlib.compress(data)) == data,
            isal_zlib.crc32(data)]

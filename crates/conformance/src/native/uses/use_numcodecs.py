import numcodecs
import numpy


def use():
    data = numpy.arange(1000, dtype="i4")
    found = []
    for codec in [numcodecs.Blosc(cname="zstd"), numcodecs.LZ4(), numcodecs.Zstd(), numcodecs.Delta("i4")]:
        packed = bytes(codec.encode(data))
        found.append([codec.codec_id, len(packed), len(bytes(codec.decode(packed)))])
    words = numcodecs.VLenUTF8()
    return [found, words.decode(words.encode(numpy.array(["a", "bc"], dtype=object))).tolist()]

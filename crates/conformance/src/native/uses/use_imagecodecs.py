import imagecodecs
import numpy


def use():
    picture = (numpy.arange(64 * 64 * 3) % 251).astype(numpy.uint8).reshape(64, 64, 3)
    found = []
    for name in ["png", "jpeg", "webp", "avif", "jpegxl", "jpeg2k", "lzw", "zstd"]:
        encode, decode = getattr(imagecodecs, f"{name}_encode"), getattr(imagecodecs, f"{name}_decode")
        packed = encode(picture)
        found.append([name, len(packed) > 0, numpy.frombuffer(decode(packed), numpy.uint8).size])
    return found

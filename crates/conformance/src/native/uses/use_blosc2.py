import blosc2
import numpy


def use():
    data = numpy.linspace(0, 1, 10_000)
    packed = blosc2.pack_array2(data)
    array = blosc2.asarray(data.reshape(100, 100), chunks=(20, 20))
    return [
        blosc2.unpack_array2(packed).sum().round(6).item(),
        len(packed) < data.nbytes,
        round(float((array * 2)[:].sum()), 6),
        sorted(codec.name for codec in blosc2.compressor_list()),
    ]

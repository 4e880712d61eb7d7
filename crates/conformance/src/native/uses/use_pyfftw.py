import numpy
import pyfftw


def use():
    given = pyfftw.empty_aligned(16, dtype="complex128")
    given[:] = numpy.arange(16)
    return [
        round(abs(pyfftw.builders.fft(given)()[1]), 6),
        round(abs(pyfftw.interfaces.numpy_fft.rfft(numpy.arange(10.0))[2]), 6),
        pyfftw.simd_alignment,
    ]

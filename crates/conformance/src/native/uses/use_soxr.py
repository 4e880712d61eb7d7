import numpy
import soxr


def use():
    tone = numpy.sin(numpy.linspace(0, 440 * 2 * numpy.pi, 8000))
    found = soxr.resample(tone, 8000, 16000)
    stream = soxr.ResampleStream(8000, 4000, 1, dtype="float64")
    half = stream.resample_chunk(tone, last=True)
    return [found.shape, round(float(numpy.abs(found).max()), 2), half.shape]

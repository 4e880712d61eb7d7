import bottleneck
import numpy


def use():
    numbers = numpy.array([1.0, numpy.nan, 3.0, 2.0])
    return [
        bottleneck.nanmean(numbers),
        bottleneck.move_sum(numbers, window=2, min_count=1).tolist(),
        bottleneck.nanrankdata(numbers)[2].item(),
    ]

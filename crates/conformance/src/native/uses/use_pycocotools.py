import numpy
from pycocotools import mask


def use():
    grid = numpy.zeros((10, 12), numpy.uint8, order="F")
    grid[2:6, 3:9] = 1
    coded = mask.encode(grid)
    return [coded["counts"].decode(), int(mask.area(coded)), mask.toBbox(coded).tolist(), bool((mask.decode(coded) == grid).all())]

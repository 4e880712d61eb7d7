import numpy
from usearch.index import Index


def use():
    index = Index(ndim=8, metric="cos")
    points = numpy.random.default_rng(1).random((50, 8)).astype("float32")
    index.add(numpy.arange(50), points)
    copy = Index.restore(index.save())
    return [len(index), [int(copy.search(point, 1).keys[0]) for point in points[:5]]]

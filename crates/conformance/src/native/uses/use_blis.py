import numpy
from blis.py import dotv, einsum, gemm


def use():
    one = numpy.arange(9, dtype="f8").reshape(3, 3)
    return [gemm(one, one).tolist(), float(dotv(one[0], one[1])), einsum("ab,bc->ac", one, one).tolist()]

import llvmlite.binding
import numba
import numpy as np


@numba.njit(cache=False)
def total(values):
    found = 0.0
    for value in values:
        if value > 1:
            found += value * value
    return found


@numba.vectorize(["float64(float64, float64)"])
def mixed(a, b):
    return a * b + 1


def use():
    values = np.arange(10.0)
    return [total(values), mixed(values, 2.0).tolist(), llvmlite.binding.llvm_version_info[0]]

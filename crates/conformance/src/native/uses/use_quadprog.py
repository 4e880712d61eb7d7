import numpy
import quadprog


def use():
    found = quadprog.solve_qp(numpy.eye(3), numpy.array([0.0, 5, 0]), numpy.array([[-4.0, 2, 0], [-3, 1, -2], [0, 0, 1]]), numpy.array([-8.0, 2, 0]))
    return [[round(float(one), 5) for one in found[0]], round(float(found[1]), 5)]

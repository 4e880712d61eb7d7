import numpy as np
import scipy.integrate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.sparse.linalg
import scipy.spatial
import scipy.special
import scipy.stats


def use():
    matrix = scipy.sparse.diags([[2.0] * 50, [-1.0] * 49, [-1.0] * 49], [0, 1, -1]).tocsc()
    points = np.random.default_rng(1).random((30, 2))
    return [
        round(float(scipy.integrate.quad(np.sin, 0, np.pi)[0]), 9),
        round(float(scipy.optimize.minimize(lambda x: (x[0] - 3) ** 2, [0.0]).x[0]), 4),
        round(float(scipy.sparse.linalg.spsolve(matrix, np.ones(50)).sum()), 6),
        len(scipy.spatial.Delaunay(points).simplices),
        round(float(scipy.special.gamma(5.5)), 6),
        round(float(scipy.stats.norm.cdf(1.96)), 6),
        round(float(scipy.linalg.expm(np.eye(3)).sum()), 6),
        scipy.signal.butter(2, 0.5)[0].round(6).tolist(),
    ]

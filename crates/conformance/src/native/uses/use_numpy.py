import io

import numpy as np


def use():
    generator = np.random.default_rng(1)
    matrix = generator.random((50, 50))
    saved = io.BytesIO()
    np.savez(saved, matrix=matrix)
    saved.seek(0)
    return [
        float(np.linalg.det(matrix).round(6)),
        float(np.abs(np.fft.fft(matrix[0])).sum().round(6)),
        float(np.linalg.svd(matrix)[1][0].round(6)),
        bool((np.load(saved)["matrix"] == matrix).all()),
        float(np.polynomial.Polynomial([1, 2, 3])(2.0)),
        np.__version__,
    ]

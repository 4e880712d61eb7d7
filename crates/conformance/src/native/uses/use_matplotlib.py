import hashlib
import io

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot


def use():
    figure, axes = pyplot.subplots()
    axes.plot([1, 4, 9, 16], label="squares")
    axes.contour([[1, 2], [3, 4]])
    axes.set_title("€ and $\\alpha^2$")
    axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return [picture.getvalue()[1:4].decode(), hashlib.sha256(picture.getvalue()).hexdigest()]

import numexpr
import numpy as np


def use():
    a = np.arange(100_000.0)
    return [float(numexpr.evaluate("sum(2 * a + sin(a) ** 2)").round(6)), numexpr.evaluate("a > 5").sum().item()]

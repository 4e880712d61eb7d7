import lightgbm
import numpy as np


def use():
    generator = np.random.default_rng(1)
    points = generator.random((200, 3))
    target = points[:, 0] > 0.5
    options = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1}
    model = lightgbm.train(options, lightgbm.Dataset(points, target), num_boost_round=10)
    return [round(float(((model.predict(points) > 0.5) == target).mean()), 2), model.num_trees()]

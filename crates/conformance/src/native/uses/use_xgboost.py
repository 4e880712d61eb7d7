import numpy
import xgboost


def use():
    points = numpy.random.default_rng(1).random((200, 3))
    target = (points[:, 0] > 0.5).astype(int)
    data = xgboost.DMatrix(points, target)
    options = {"objective": "binary:logistic", "nthread": 1, "seed": 1}
    model = xgboost.train(options, data, num_boost_round=10)
    copy = xgboost.Booster(model_file=model.save_raw("json"))
    return [
        round(float(((copy.predict(data) > 0.5) == target).mean()), 2),
        model.num_boosted_rounds(),
        xgboost.build_info()["USE_OPENMP"],
    ]

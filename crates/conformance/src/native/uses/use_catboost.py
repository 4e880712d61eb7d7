import catboost
import numpy


def use():
    points = numpy.random.default_rng(1).random((200, 3))
    target = (points[:, 0] > 0.5).astype(int)
    model = catboost.CatBoostClassifier(
        iterations=10, thread_count=1, random_seed=1, verbose=False, allow_writing_files=False
    )
    model.fit(points, target)
    pool = catboost.Pool(points, target)
    return [round(float((model.predict(pool) == target).mean()), 2), model.tree_count_]

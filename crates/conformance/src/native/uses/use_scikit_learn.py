from sklearn.cluster import KMeans
from sklearn.datasets import load_iris, make_blobs
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC


def use():
    points, groups = make_blobs(100, random_state=1)
    return [
        round(float(KMeans(3, n_init=1, random_state=1).fit(points).inertia_), 4),
        RandomForestClassifier(10, random_state=1, n_jobs=1).fit(points, groups).score(points, groups),
        SVC().fit(points, groups).predict(points[:5]).tolist(),
        load_iris().data.shape,
    ]

import hdbscan
import numpy


def use():
    generator = numpy.random.default_rng(1)
    points = numpy.concatenate([generator.normal(at, 0.1, (30, 2)) for at in (0, 5)])
    labels = hdbscan.HDBSCAN(min_cluster_size=5, core_dist_n_jobs=1).fit_predict(points)
    return [len(set(labels.tolist()) - {-1}), int(labels[0]) != int(labels[-1])]

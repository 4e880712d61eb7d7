import faiss
import numpy


def use():
    points = numpy.random.default_rng(1).random((100, 8)).astype("float32")
    flat = faiss.IndexFlatL2(8)
    flat.add(points)
    graph = faiss.IndexHNSWFlat(8, 16)
    graph.add(points)
    copy = faiss.deserialize_index(faiss.serialize_index(flat))
    return [
        flat.search(points[:3], 2)[1][:, 0].tolist(),
        graph.search(points[:3], 1)[1].ravel().tolist(),
        copy.ntotal,
        faiss.index_factory(8, "PCA4,Flat").d,
    ]

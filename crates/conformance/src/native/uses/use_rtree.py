from rtree import index


def use():
    # libspatialindex is opened with ctypes, from the package's own folder.
    tree = index.Index()
    for number in range(20):
        tree.insert(number, (number, number, number + 1, number + 1))
    return [sorted(tree.intersection((3.5, 3.5, 5.5, 5.5))), list(tree.nearest((9.2, 9.2), 1))[:1]]

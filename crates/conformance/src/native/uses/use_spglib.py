import spglib


def use():
    cell = ([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [[0, 0, 0], [0.5, 0.5, 0.5]], [55, 17])
    found = spglib.get_symmetry_dataset(cell)
    return [found.international, found.number, len(found.rotations), spglib.get_spacegroup(cell)]

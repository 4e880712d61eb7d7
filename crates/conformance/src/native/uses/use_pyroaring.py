from pyroaring import BitMap


def use():
    bits = BitMap([1, 5, 100_000]) | BitMap(range(10, 13))
    return [list(bits), len(bits.serialize()), bits.jaccard_index(BitMap([1]))]

import bitarray
import bitarray.util


def use():
    bits = bitarray.bitarray("1101")
    return [(bits * 3).to01(), bitarray.util.ba2int(bits), bitarray.util.huffman_code({"a": 3, "b": 1})["a"].to01()]

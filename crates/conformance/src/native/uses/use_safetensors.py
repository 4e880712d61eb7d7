import numpy
from safetensors.numpy import load, save


def use():
    packed = save({"a": numpy.arange(6, dtype="f4").reshape(2, 3)}, metadata={"k": "v"})
    return [len(packed), load(packed)["a"].sum().item()]

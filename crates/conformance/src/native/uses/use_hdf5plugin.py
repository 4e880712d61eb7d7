import os
import tempfile

import h5py
import hdf5plugin
import numpy


def use():
    data = numpy.arange(1000).reshape(10, 100)
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "x.h5")
        with h5py.File(path, "w") as file:
            file.create_dataset("a", data=data, compression=hdf5plugin.Blosc(cname="zstd"))
            file.create_dataset("b", data=data, compression=hdf5plugin.LZ4())
        size = os.path.getsize(path)
        with h5py.File(path) as file:
            return [bool((file["a"][...] == data).all()), bool((file["b"][...] == data).all()), size < 18000, sorted(hdf5plugin.FILTERS)[:2]]

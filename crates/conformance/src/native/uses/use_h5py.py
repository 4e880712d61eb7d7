import io

import h5py
import numpy as np


def use():
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_dataset("a/b", data=np.arange(1000), compression="gzip", chunks=(100,))
        file["a"].attrs["name"] = "é"
    with h5py.File(stream, "r") as file:
        return [int(file["a/b"][::7].sum()), file["a"].attrs["name"], list(file["a"]), h5py.version.hdf5_version]

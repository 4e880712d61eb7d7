import google_crc32c
import numpy
import zarr


def use():
    # zarr, which is written in Python, uses this package and numcodecs.
    store = zarr.storage.MemoryStore()
    array = zarr.create_array(store=store, shape=(10, 10), chunks=(5, 5), shards=(10, 10), dtype="i4")
    array[:] = numpy.arange(100).reshape(10, 10)
    read = zarr.open_array(store, mode="r")
    return [google_crc32c.value(b"abc"), google_crc32c.implementation, int(read[:].sum())]

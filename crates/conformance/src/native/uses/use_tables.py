import numpy
import tables


def use():
    with tables.open_file("memory.h5", "w", driver="H5FD_CORE", driver_core_backing_store=0) as file:
        table = file.create_table("/", "t", {"x": tables.Int32Col(), "y": tables.Float64Col()})
        table.append([(n, n / 2) for n in range(100)])
        table.flush()
        blosc = tables.Filters(complevel=5, complib="blosc2:zstd")
        array = file.create_carray("/", "a", obj=numpy.arange(1000), filters=blosc)
        return [
            [row["y"] for row in table.where("(x > 95) & (y < 49)")],
            array[:].sum().item(),
            tables.which_lib_version("hdf5")[1],
        ]

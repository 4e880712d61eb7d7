import numpy
import rasterio
from rasterio.crs import CRS
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from rasterio.warp import transform_bounds


def use():
    grid = numpy.arange(100, dtype="float32").reshape(10, 10)
    with MemoryFile() as file:
        with file.open(
            driver="GTiff", height=10, width=10, count=1, dtype="float32", crs="EPSG:4326",
            transform=from_origin(5, 50, 0.1, 0.1), compress="deflate",
        ) as raster:
            raster.write(grid, 1)
        with file.open() as raster:
            read, crs = raster.read(1), raster.crs.to_string()
    return [
        read.sum().item(),
        crs,
        CRS.from_epsg(3857).to_wkt()[:40],
        [round(edge) for edge in transform_bounds("EPSG:4326", "EPSG:3857", 5, 49, 6, 50)],
        rasterio.__gdal_version__,
    ]

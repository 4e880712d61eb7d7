import geopandas
import pyogrio
from shapely.geometry import Point


def use():
    frame = geopandas.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=[Point(5, 50), Point(6, 51)], crs="EPSG:4326"
    )
    pyogrio.write_dataframe(frame, "/vsimem/points.gpkg", driver="GPKG")
    read = pyogrio.read_dataframe("/vsimem/points.gpkg")
    return [
        read["name"].tolist(),
        read.crs.to_string(),
        read.to_crs(3857).geometry.x.round().tolist(),
        pyogrio.__gdal_version_string__,
    ]

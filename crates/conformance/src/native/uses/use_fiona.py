import fiona
from fiona.crs import CRS


def use():
    schema = {"geometry": "Point", "properties": {"name": "str"}}
    with fiona.MemoryFile() as file:
        with file.open(driver="GeoJSON", crs="EPSG:4326", schema=schema) as layer:
            point = {"type": "Point", "coordinates": (1.0, 2.0)}
            layer.write({"geometry": point, "properties": {"name": "a"}})
        with file.open() as layer:
            found = [[row.properties["name"], row.geometry.coordinates] for row in layer]
    return [found, CRS.from_epsg(3857).to_wkt()[:30], fiona.__gdal_version__]

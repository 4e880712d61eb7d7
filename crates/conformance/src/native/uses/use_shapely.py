import shapely
from shapely.geometry import Point, Polygon


def use():
    square = Polygon([(0, 0), (2, 0), (2, 2), (0, 2)])
    return [
        round(square.intersection(Point(2, 2).buffer(1)).area, 6),
        shapely.from_wkt("LINESTRING (0 0, 3 4)").length,
        shapely.STRtree([square]).query(Point(1, 1)).tolist(),
        shapely.geos_version_string,
    ]

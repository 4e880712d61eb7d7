import pyproj


def use():
    transformer = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    x, y = transformer.transform(13.4, 52.5)
    return [round(x, 2), round(y, 2), pyproj.CRS.from_epsg(25833).name, pyproj.proj_version_str]

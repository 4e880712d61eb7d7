import io

import astropy.units as units
import numpy
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.table import Table
from astropy.time import Time


def use():
    place = SkyCoord(10.68458 * units.deg, 41.26917 * units.deg, frame="icrs")
    file = io.BytesIO()
    fits.PrimaryHDU(numpy.arange(12).reshape(3, 4)).writeto(file)
    file.seek(0)
    with fits.open(file) as read:
        total = int(read[0].data.sum())
    return [
        round(place.galactic.l.deg, 4),
        Time("2024-01-01T00:00:00", scale="utc").jd,
        (5 * units.km / units.s).to(units.m / units.s).value,
        total,
        Table({"a": [1, 2]})["a"].sum().item(),
    ]

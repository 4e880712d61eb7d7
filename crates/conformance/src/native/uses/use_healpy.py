import healpy
import numpy


def use():
    pixels = healpy.ang2pix(8, numpy.array([0.1, 1.5]), numpy.array([0.2, 3.0]))
    sky = numpy.zeros(healpy.nside2npix(8))
    sky[pixels] = 1
    power = healpy.anafast(sky, lmax=4, iter=1)
    return [pixels.tolist(), [round(float(one), 6) for one in power], healpy.query_disc(8, (1, 0, 0), 0.1).tolist()]

import netCDF4
import numpy


def use():
    with netCDF4.Dataset("memory.nc", "w", diskless=True) as file:
        file.createDimension("time", 5)
        variable = file.createVariable("t", "f4", ("time",), zlib=True)
        variable.units = "hours since 2000-01-01"
        variable[:] = numpy.arange(5)
        dates = netCDF4.num2date(variable[:], variable.units)
        return [variable[:].sum().item(), str(dates[3]), netCDF4.__netcdf4libversion__]

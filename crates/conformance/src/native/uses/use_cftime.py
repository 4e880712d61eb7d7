import cftime


def use():
    date = cftime.DatetimeNoLeap(2000, 2, 28)
    return [str(cftime.num2date(59, "days since 2000-01-01", "360_day")), date.dayofyr, date.isoformat()]

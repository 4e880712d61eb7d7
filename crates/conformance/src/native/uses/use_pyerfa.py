import erfa


def use():
    one, two = erfa.dtf2d("UTC", 2026, 11, 28, 12, 0, 0.0)
    tai = erfa.utctai(one, two)
    return [round(float(one + two), 3), round(float((tai[1] - two) * 86400)), erfa.cal2jd(2000, 1, 1)[0].item(), erfa.version.erfa_version]

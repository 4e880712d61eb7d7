import pathops


def use():
    path = pathops.Path()
    pen = path.getPen()
    for x in (0, 5):
        pen.moveTo((x, 0))
        pen.lineTo((x + 10, 0))
        pen.lineTo((x + 10, 10))
        pen.lineTo((x, 10))
        pen.closePath()
    path.simplify()
    return [path.bounds, abs(path.area), len(list(path.segments))]

import pyclipper


def use():
    clipper = pyclipper.Pyclipper()
    clipper.AddPath([(0, 0), (4, 0), (4, 4), (0, 4)], pyclipper.PT_SUBJECT, True)
    clipper.AddPath([(2, 2), (6, 2), (6, 6), (2, 6)], pyclipper.PT_CLIP, True)
    return sorted(clipper.Execute(pyclipper.CT_INTERSECTION)[0])

from . import circular_a

NAME = "b"


def other():
    return circular_a.NAME

from . import circular_b

NAME = "a"


def other():
    return circular_b.NAME

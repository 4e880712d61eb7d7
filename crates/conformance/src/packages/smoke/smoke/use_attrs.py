"""attrs: classes whose methods are compiled at run time, with source that `linecache` can find."""

import inspect

import attrs


@attrs.define(order=True)
class Point:
    x: int = attrs.field(validator=attrs.validators.instance_of(int))
    y: int = attrs.field(default=0, converter=int)


def main():
    assert Point(1, "2") == Point(1, 2) and Point(1) < Point(2) and not hasattr(Point(1), "__dict__")
    assert attrs.asdict(attrs.evolve(Point(1), y=3)) == {"x": 1, "y": 3}
    assert "def __init__" in inspect.getsource(Point.__init__)
    try:
        Point("1")
    except TypeError as error:
        assert "must be <class 'int'>" in error.args[0]
    else:
        raise AssertionError("accepted a string")

import dataclasses

import ormsgpack


@dataclasses.dataclass
class Point:
    x: int
    y: float


def use():
    packed = ormsgpack.packb([Point(1, 2.5), {"a": None}])
    return [packed.hex(), ormsgpack.unpackb(packed)]

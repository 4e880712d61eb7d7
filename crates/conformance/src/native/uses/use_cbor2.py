import datetime

import cbor2


def use():
    value = {"a": [1, 2.5, None], "t": datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)}
    packed = cbor2.dumps(value)
    return [packed.hex(), str(cbor2.loads(packed))]

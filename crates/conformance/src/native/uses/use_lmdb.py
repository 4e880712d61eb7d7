import tempfile

import lmdb


def use():
    with tempfile.TemporaryDirectory() as place:
        with lmdb.open(place, map_size=1 << 20) as environment:
            with environment.begin(write=True) as transaction:
                transaction.put(b"a", b"1")
                transaction.put(b"b", b"2")
            with environment.begin() as transaction:
                return [key.decode() for key, _ in transaction.cursor()]

import mmh3


def use():
    return [mmh3.hash("foo"), mmh3.hash128(b"foo"), mmh3.mmh3_32(b"foo").digest().hex()]

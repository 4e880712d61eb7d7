import msgpack


def use():
    return [
        msgpack.unpackb(msgpack.packb({"a": [1, b"x"]})) == {"a": [1, b"x"]},
        msgpack.Packer.__module__,
    ]

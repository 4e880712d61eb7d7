"""Small packages with one extension module each."""

import markupsafe
import msgpack
import yaml


def use():
    return [
        markupsafe.escape("<a>"),
        markupsafe._escape_inner.__module__,
        msgpack.unpackb(msgpack.packb({"a": [1, b"x"]})) == {"a": [1, b"x"]},
        msgpack.Packer.__module__,
        yaml.load("a: [1, 2]", Loader=yaml.CSafeLoader),
        yaml.__with_libyaml__,
    ]

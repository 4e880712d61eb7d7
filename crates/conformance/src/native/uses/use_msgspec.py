import msgspec


class User(msgspec.Struct):
    name: str
    groups: set[str] = set()


def use():
    data = msgspec.json.encode(User("a", {"x"}))
    found = msgspec.json.decode(data, type=User)
    try:
        msgspec.json.decode(b'{"name": 1}', type=User)
    except msgspec.ValidationError as error:
        return [data.decode(), found.name, str(error), msgspec.msgpack.encode([1, "a"]).hex()]

import ujson


def use():
    return [ujson.dumps({"a": [1, 2.5, "é"]}, ensure_ascii=False), ujson.loads('{"a": [1e3, null]}')]

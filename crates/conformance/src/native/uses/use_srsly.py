import srsly


def use():
    value = {"a": [1, 2.5, None], "b": "ä"}
    return [
        srsly.json_dumps(value),
        srsly.msgpack_loads(srsly.msgpack_dumps(value)),
        srsly.yaml_loads(srsly.yaml_dumps(value)),
    ]

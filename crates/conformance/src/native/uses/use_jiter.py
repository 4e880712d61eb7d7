import jiter


def use():
    return [jiter.from_json(b'{"a": [1, 2.5, null]}'), jiter.from_json(b'["a", "b', partial_mode="trailing-strings")]

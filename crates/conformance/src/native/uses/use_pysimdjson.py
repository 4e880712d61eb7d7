import simdjson


def use():
    parser = simdjson.Parser()
    found = parser.parse(b'{"a": [1, 2.5, {"b": "\xc3\xa4"}], "c": null}')
    return [found.at_pointer("/a/2/b"), found["a"].as_list(), simdjson.loads("[1, 2]")]

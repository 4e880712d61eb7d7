import io

import ijson
import ijson.backends.yajl2_c as fast


def use():
    text = b'{"a": [1, 2.5, {"b": "\xc3\xa4"}], "c": null}'
    return [list(map(str, ijson.items(io.BytesIO(text), "a.item"))), len(list(fast.parse(io.BytesIO(text)))), ijson.backend]

import datetime

import orjson


def use():
    try:
        orjson.loads("{")
    except orjson.JSONDecodeError as error:
        wrong = str(error)
    return [orjson.dumps({"when": datetime.date(2024, 1, 31), "n": [1.5, None]}).decode(), wrong]

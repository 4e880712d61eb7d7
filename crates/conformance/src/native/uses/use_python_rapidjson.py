import datetime

import rapidjson


def use():
    value = {"a": [1, 2.5, None], "b": datetime.date(2024, 1, 1)}
    text = rapidjson.dumps(value, datetime_mode=rapidjson.DM_ISO8601, sort_keys=True)
    validator = rapidjson.Validator('{"type": "object", "required": ["a"]}')
    validator(text)
    return [text, rapidjson.loads(text)["a"]]

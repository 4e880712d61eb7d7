import datetime

import bson
import bson.json_util
import pymongo


def use():
    value = {"a": [1, 2.5, "é"], "when": datetime.datetime(2020, 1, 2), "id": bson.ObjectId("0" * 24)}
    data = bson.encode(value)
    client = pymongo.MongoClient("localhost", connect=False)
    return [data.hex(), bson.decode(data) == value, bson.has_c(), client["a"]["b"].full_name]

import asyncio

import asyncmy
from asyncmy.converters import escape_item
from asyncmy.errors import OperationalError


async def attempt():
    try:
        await asyncmy.connect(host="127.0.0.1", port=1, user="a", password="b", connect_timeout=5)
    except OperationalError as error:
        return error.args[0]


def use():
    return [asyncio.run(attempt()), escape_item("it's", "utf8mb4"), asyncmy.connection.Connection.__module__]

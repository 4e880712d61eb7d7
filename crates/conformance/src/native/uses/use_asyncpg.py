import asyncio
import datetime

import asyncpg
from asyncpg.pgproto import pgproto


async def connected():
    try:
        await asyncpg.connect("postgresql://nobody@127.0.0.1:1/none", timeout=5)
    except OSError as error:
        return type(error).__name__


def use():
    pair = asyncpg.Range(1, 5)
    return [asyncio.run(connected()), str(pgproto.UUID("0" * 32)), pair.upper, str(datetime.timedelta(1))]

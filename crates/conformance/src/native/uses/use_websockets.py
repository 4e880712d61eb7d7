import asyncio

import websockets.asyncio.client
import websockets.asyncio.server
import websockets.speedups


async def exchange():
    async def answer(connection):
        async for message in connection:
            await connection.send(message[::-1])

    async with websockets.asyncio.server.serve(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with websockets.asyncio.client.connect(f"ws://127.0.0.1:{port}", proxy=None) as client:
            await client.send("abc")
            return await client.recv()


def use():
    found = asyncio.run(asyncio.wait_for(exchange(), 20))
    return [found, websockets.speedups.apply_mask(b"abcd", b"1234").hex()]

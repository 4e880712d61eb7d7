import asyncio

import aiohttp
import aiohttp.http_parser
import multidict._multidict
from aiohttp import web


async def exchange():
    async def answer(request):
        return web.json_response({"name": request.match_info["name"], "got": await request.json()})

    application = web.Application()
    application.router.add_post("/{name}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        async with session.post(f"http://127.0.0.1:{port}/x", json=[1, "é"]) as response:
            found = [response.status, await response.json()]
    await runner.cleanup()
    return found


def use():
    found = asyncio.run(asyncio.wait_for(exchange(), 20))
    return [found, aiohttp.http_parser.HttpRequestParser.__module__]

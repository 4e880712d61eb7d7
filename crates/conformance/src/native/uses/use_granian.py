import socket
import threading
import urllib.request

from granian.constants import Interfaces
from granian.server.embed import Server


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"served"})


def use():
    import asyncio

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def serve():
        server = Server(application, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
        task = asyncio.create_task(server.serve())
        found = await asyncio.to_thread(ask)
        server.stop()
        await task
        return found

    def ask():
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    return answer.read().decode()
            except OSError:
                threading.Event().wait(0.1)

    return asyncio.run(serve())

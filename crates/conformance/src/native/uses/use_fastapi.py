import json
import threading
import urllib.request

import fastapi
import pydantic
import uvicorn


class Item(pydantic.BaseModel):
    name: str
    price: float


def use():
    app = fastapi.FastAPI()

    @app.post("/items/{number}")
    async def item(number: int, item: Item, twice: bool = False):
        return {"number": number, "item": item, "twice": twice}

    config = uvicorn.Config(app, port=0, log_level="error", loop="uvloop", http="httptools")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        if not thread.is_alive():
            return ["the server has ended"]
    port = server.servers[0].sockets[0].getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    body = json.dumps({"name": "x", "price": "1.5"}).encode()
    request = urllib.request.Request(f"{base}/items/3?twice=1", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        found = json.load(answer)
    with urllib.request.urlopen(f"{base}/openapi.json", timeout=20) as answer:
        paths = sorted(json.load(answer)["paths"])
    server.should_exit = True
    thread.join(20)
    return [found, paths, thread.is_alive()]

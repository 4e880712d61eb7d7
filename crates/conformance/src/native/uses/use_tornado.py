import asyncio

import tornado.httpclient
import tornado.httpserver
import tornado.testing
import tornado.web
from tornado import speedups


class Page(tornado.web.RequestHandler):
    def get(self):
        self.write({"a": self.get_argument("a")})


def use():
    async def talk():
        listener, port = tornado.testing.bind_unused_port()
        server = tornado.httpserver.HTTPServer(tornado.web.Application([("/", Page)]))
        server.add_socket(listener)
        answer = await tornado.httpclient.AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/?a=b")
        server.stop()
        return answer.body.decode()

    return [asyncio.run(talk()), speedups.websocket_mask(b"abcd", b"abcd").hex()]

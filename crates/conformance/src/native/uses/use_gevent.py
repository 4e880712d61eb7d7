import gevent
from gevent import socket
from gevent.pool import Pool
from gevent.server import StreamServer


def use():
    server = StreamServer(("127.0.0.1", 0), lambda connection, _: connection.sendall(connection.recv(9)[::-1]))
    server.start()

    def ask(text):
        with socket.create_connection(("127.0.0.1", server.server_port)) as connection:
            connection.sendall(text)
            return connection.recv(9).decode()

    with gevent.Timeout(20):
        found = Pool(3).map(ask, [b"abc", b"def", b"ghi"])
    server.stop()
    return [found, type(gevent.get_hub()).__module__, gevent.config.loop.__name__]

import pynng


def use():
    with pynng.Pair0(listen="inproc://here") as one, pynng.Pair0(dial="inproc://here") as other:
        one.send(b"hello")
        first = other.recv()
        with pynng.Rep0(listen="tcp://127.0.0.1:0") as server:
            port = str(server.listeners[0].local_address).rsplit(":", 1)[1]
            with pynng.Req0(dial=f"tcp://127.0.0.1:{port}") as client:
                client.send(b"question")
                asked = server.recv()
                server.send(b"answer")
                return [first.decode(), asked.decode(), client.recv().decode()]

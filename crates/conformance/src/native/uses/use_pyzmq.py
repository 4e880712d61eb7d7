import zmq


def use():
    context = zmq.Context.instance()
    with context.socket(zmq.REP) as server, context.socket(zmq.REQ) as client:
        port = server.bind_to_random_port("tcp://127.0.0.1")
        client.connect(f"tcp://127.0.0.1:{port}")
        client.send_json({"a": 1})
        server.poll(20_000)
        server.send_json([server.recv_json(), 2])
        client.poll(20_000)
        found = client.recv_json()
    context.term()
    return [found, zmq.zmq_version(), zmq.has("curve")]

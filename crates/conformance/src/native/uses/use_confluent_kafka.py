import confluent_kafka


def use():
    said = []
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": "127.0.0.1:1", "message.timeout.ms": 300, "log_level": 0, "error_cb": said.append}
    )
    producer.produce("topic", b"x", callback=lambda error, _: said.append(error))
    producer.flush(5)
    return ["_MSG_TIMED_OUT" in str(said), confluent_kafka.libversion()[0]]

import clickhouse_driver
from clickhouse_driver import varint
from clickhouse_driver.bufferedwriter import BufferedWriter


class Socket:
    sent = b""

    def sendall(self, data):
        self.sent += bytes(data)


def use():
    class Writer(BufferedWriter):
        def write_into_stream(self):
            written.append(bytes(self.buffer[: self.position]))
            self.position = 0

    written = []
    try:
        clickhouse_driver.Client("127.0.0.1", port=1, connect_timeout=1).execute("SELECT 1")
    except clickhouse_driver.errors.NetworkError as error:
        said = type(error).__name__
    return [said, varint.write_varint.__name__]

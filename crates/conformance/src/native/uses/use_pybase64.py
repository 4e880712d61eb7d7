import pybase64


def use():
    return [pybase64.standard_b64encode(b"hello").decode(), pybase64.b64decode("aGVsbG8=", validate=True).decode(),
            pybase64.get_version().partition(" ")[0]]

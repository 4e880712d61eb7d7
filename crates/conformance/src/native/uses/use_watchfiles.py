import os
import tempfile
import threading

import watchfiles


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a")

        def write():
            with open(path, "w") as file:
                file.write("x")

        timer = threading.Timer(0.5, write)
        timer.start()
        for changes in watchfiles.watch(directory, yield_on_timeout=True, rust_timeout=10_000):
            return sorted((change.name, os.path.basename(name)) for change, name in changes)[:1]

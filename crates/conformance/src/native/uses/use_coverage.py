import os
import tempfile

import coverage
import coverage.tracer


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.py")
        with open(path, "w") as file:
            file.write("x = 1\nif x > 1:\n    x = 2\n")
        measured = coverage.Coverage(data_file=None, include=[path], config_file=False)
        measured.start()
        with open(path) as file:
            exec(compile(file.read(), path, "exec"), {})
        measured.stop()
        _, lines, missing, _ = measured.analysis(path)
        return [lines, missing, coverage.tracer.CTracer.__name__]

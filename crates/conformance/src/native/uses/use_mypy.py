import os
import tempfile

import mypy.api


def use():
    # The types of the standard library are stubs in the package. It searches for them next to its own files.
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.py")
        with open(path, "w") as file:
            file.write("import os\nx: int = os.getcwd()\n")
        out, err, status = mypy.api.run(["--cache-dir", os.devnull, "--no-site-packages", path])
        # It shows the path as it is from the current directory.
        return [[line[line.rindex("a.py") :] for line in out.splitlines() if "a.py" in line], err, status]

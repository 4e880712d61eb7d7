import os
import tempfile

import magic


def use():
    # The database of libmagic is a file, which `Magic` can be given.
    with tempfile.TemporaryDirectory() as directory:
        rules = os.path.join(directory, "rules")
        with open(rules, "w") as file:
            file.write("0 string IPY A bundle\n!:mime application/x-bundle\n")
        about = magic.Magic(magic_file=rules)
        kinds = magic.Magic(magic_file=rules, mime=True)
        return [about.from_buffer(b"IPY..."), kinds.from_buffer(b"IPY..."), magic.version() > 500]

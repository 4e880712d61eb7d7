"""certifi, unpacked: OpenSSL opens the file of certificates by its name."""

import os
import ssl

import certifi


def main():
    path = certifi.where()
    # Not a copy that goes when the process ends.
    assert os.path.dirname(path) == os.path.dirname(certifi.__file__) and os.path.isfile(path)
    # How many there are depends on the machine: some have a certifi of their own imported when Python starts.
    assert len(ssl.create_default_context(cafile=path).get_ca_certs()) > 100
    return os.path.basename(path)

"""certifi, unpacked: OpenSSL opens the file of certificates by its name."""

import os
import ssl

import certifi


def main():
    path = certifi.where()
    # The path must be that of the unpacked file, not of a temporary copy.
    assert os.path.dirname(path) == os.path.dirname(certifi.__file__) and os.path.isfile(path)
    # The number depends on the machine: on some, another certifi is imported when Python starts.
    assert len(ssl.create_default_context(cafile=path).get_ca_certs()) > 100
    return os.path.basename(path)

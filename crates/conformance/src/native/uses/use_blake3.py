import blake3


def use():
    return [blake3.blake3(b"hello").hexdigest(), blake3.blake3(b"x" * 200_000, max_threads=2).hexdigest()]

import xxhash


def use():
    return [xxhash.xxh64(b"a").hexdigest(), xxhash.xxh3_128(b"a" * 1000).hexdigest(), xxhash.XXHASH_VERSION]

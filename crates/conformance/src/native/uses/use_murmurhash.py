import murmurhash
from murmurhash import mrmr


def use():
    return [mrmr.hash("text"), mrmr.hash_bytes(b"text", 3) if hasattr(mrmr, "hash_bytes") else 0, murmurhash.get_include().rsplit("/", 2)[-2:]]

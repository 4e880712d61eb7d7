from rfc3161_client import HashAlgorithm, TimestampRequestBuilder


def use():
    request = TimestampRequestBuilder().data(b"hello").hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=False).build()
    return request.as_bytes().hex()

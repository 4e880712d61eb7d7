import tiktoken


def use():
    ranks = {bytes([byte]): byte for byte in range(256)}
    ranks |= {b"he": 256, b"ll": 257, b"hell": 258}
    encoding = tiktoken.Encoding(
        "small", pat_str=r"\w+|\W", mergeable_ranks=ranks, special_tokens={"<end>": 259}
    )
    tokens = encoding.encode("hello hell<end>", allowed_special="all")
    return [tokens, encoding.decode(tokens), "cl100k_base" in tiktoken.list_encoding_names()]

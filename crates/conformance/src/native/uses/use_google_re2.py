import re2


def use():
    return [re2.findall(r"(\w)(\d+)", "a12 b3"), re2.sub("b+", "-", "abbbc"), re2.search(r"(?P<x>c)", "abc").group("x")]

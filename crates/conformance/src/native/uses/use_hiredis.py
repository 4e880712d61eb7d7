import hiredis


def use():
    reader = hiredis.Reader(encoding="utf-8")
    reader.feed(b"*2\r\n$3\r\nfoo\r\n:42\r\n")
    return [reader.gets(), hiredis.pack_command(("SET", "a", 1)).decode()]

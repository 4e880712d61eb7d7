import hyperscan


def use():
    base = hyperscan.Database()
    base.compile(expressions=[b"fo+", b"ba[rz]$"], ids=[1, 2], elements=2, flags=[hyperscan.HS_FLAG_SOM_LEFTMOST] * 2)
    found = []
    base.scan(b"foo and baz", match_event_handler=lambda *event: found.append(event[:3]))
    return [sorted(found), len(hyperscan.dumpb(base)) > 100]

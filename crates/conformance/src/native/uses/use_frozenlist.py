import frozenlist


def use():
    found = frozenlist.FrozenList([1, 2])
    found.append(3)
    found.freeze()
    try:
        found.append(4)
    except RuntimeError as error:
        refused = str(error)
    return [list(found), hash(found) == hash((1, 2, 3)), refused, frozenlist.FrozenList.__module__]

import immutables


def use():
    first = immutables.Map(a=1)
    second = first.set("b", 2)
    return [dict(first), sorted(second.items()), immutables.Map.__module__]

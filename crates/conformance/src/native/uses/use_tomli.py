import tomli


def use():
    return [tomli.loads("[a]\nb = 1_000\nc = [0.5, true]"), tomli.loads.__class__.__name__]

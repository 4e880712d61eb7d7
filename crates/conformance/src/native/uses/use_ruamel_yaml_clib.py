import io

import ruamel.yaml


def use():
    fast = ruamel.yaml.YAML(typ="safe", pure=False)
    text, kept = "a: 1 # one\nb: [x, y]\n", io.StringIO()
    slow = ruamel.yaml.YAML()
    value = slow.load(text)
    value["a"] = 2
    slow.dump(value, kept)
    return [fast.load(text), kept.getvalue(), ruamel.yaml.__with_libyaml__]

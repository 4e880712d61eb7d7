import yaml


def use():
    loaded = yaml.load("a: [1, 2]\nb: 2024-01-31", Loader=yaml.CSafeLoader)
    return [str(loaded), yaml.dump({"x": "é"}, Dumper=yaml.CSafeDumper, allow_unicode=True), yaml.__with_libyaml__]

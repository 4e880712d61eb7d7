"""typeguard: its hook replaces the loaders that `PathFinder` gives, if they are `SourceFileLoader`s."""

import sys

from typeguard import TypeCheckError, install_import_hook


def main():
    with install_import_hook(["smoke.typed"]):
        import smoke.typed

    found = [smoke.typed.doubled(21), type(smoke.typed.__loader__).__name__]
    for function, argument in ((smoke.typed.doubled, "21"), (smoke.typed.counted, [1])):
        try:
            function(argument)
        except TypeCheckError as error:
            found.append(str(error))
        else:
            raise AssertionError(f"{function} took {argument!r}: the hook was passed over")
    return found

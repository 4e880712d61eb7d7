"""beartype: `beartype.claw` puts a path hook before all others and rewrites modules while they are imported."""

import sys

from beartype.claw import beartype_package
from beartype.roar import BeartypeCallHintParamViolation, BeartypeDoorHintViolation


def main():
    hooks = list(sys.path_hooks)
    beartype_package("smoke.typed")
    try:
        from smoke.typed import counted, doubled
        import colorsys  # of the standard library, imported behind the hook
    finally:
        sys.path_hooks[:] = hooks
        sys.path_importer_cache.clear()
    found = [doubled(21), counted(["a", "b"]), colorsys.rgb_to_hls(1, 0, 0)]
    for function, argument in ((doubled, "21"), (counted, [1])):
        try:
            function(argument)
        except (BeartypeCallHintParamViolation, BeartypeDoorHintViolation) as error:
            found.append(type(error).__name__)
        else:
            raise AssertionError(f"{function} took {argument!r}: the hook was passed over")
    return found

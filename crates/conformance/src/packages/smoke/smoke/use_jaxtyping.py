"""jaxtyping: its hook decorates the functions of modules while they are imported, here with typeguard-like checks."""

from jaxtyping import install_import_hook


class Array:
    """What jaxtyping asks of an array."""

    def __init__(self, *shape):
        self.shape, self.dtype = shape, "float32"


def main():
    with install_import_hook("smoke.shaped", "beartype.beartype"):
        from smoke import shaped

    found = [shaped.rows(Array(3, 4)), type(shaped.__loader__).__name__]
    for shape in ((3,), (3, 4, 5)):
        try:
            shaped.rows(Array(*shape))
        except Exception as error:
            found.append(type(error).__name__)
        else:
            raise AssertionError(f"took {shape}: the hook was passed over")
    return found

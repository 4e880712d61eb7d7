"""A function whose argument has a shape, for jaxtyping's hook."""

from jaxtyping import Float

from smoke.use_jaxtyping import Array


def rows(matrix: Float[Array, "rows columns"]) -> int:
    return matrix.shape[0]

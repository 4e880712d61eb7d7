import jax
import jax.numpy as jnp


@jax.jit
def f(x):
    return jnp.sum(jnp.sin(x) ** 2)


def use():
    x = jnp.arange(5.0)
    return [round(float(f(x)), 4), [round(float(one), 4) for one in jax.grad(f)(x)], jax.default_backend()]

import wrapt


@wrapt.decorator
def twice(wrapped, instance, args, kwargs):
    return 2 * wrapped(*args, **kwargs)


@twice
def f(x):
    "Doc."
    return x


def use():
    return [f(21), f.__doc__, wrapt.ObjectProxy.__module__, isinstance(wrapt.ObjectProxy(1), int)]

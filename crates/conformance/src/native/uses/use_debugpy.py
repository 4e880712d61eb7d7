import debugpy
from debugpy._vendored import force_pydevd  # noqa: F401


def use():
    import _pydevd_bundle.pydevd_cython_wrapper as wrapper
    import pydevd

    return [wrapper.mod.__name__ if hasattr(wrapper, "mod") else "none", pydevd.get_global_debugger() is None, debugpy.is_client_connected()]

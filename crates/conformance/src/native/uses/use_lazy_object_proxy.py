import lazy_object_proxy
from lazy_object_proxy import cext


def use():
    calls = []
    proxy = lazy_object_proxy.Proxy(lambda: calls.append(1) or [1, 2, 3])
    return [len(calls), proxy + [4], len(calls), isinstance(proxy, list), lazy_object_proxy.Proxy is cext.Proxy]

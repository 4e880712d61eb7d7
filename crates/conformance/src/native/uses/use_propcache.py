import propcache
from propcache import api


class Thing:
    def __init__(self):
        self._cache = {}
        self.count = 0

    @api.under_cached_property
    def once(self):
        self.count += 1
        return 42

    @propcache.cached_property
    def name(self):
        return "thing"


def use():
    thing = Thing()
    return [thing.once + thing.once, thing.count, thing.name, api.cached_property.__module__]

import multidict


def use():
    found = multidict.CIMultiDict([("Accept", "a"), ("accept", "b"), ("Host", "h")])
    return [found.getall("ACCEPT"), len(multidict.CIMultiDictProxy(found)), multidict.istr("Host").title(), multidict.MultiDict.__module__]

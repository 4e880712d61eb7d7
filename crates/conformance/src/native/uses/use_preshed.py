from preshed.counter import PreshCounter
from preshed.maps import PreshMap


def use():
    found = PreshMap()
    found[5] = 7
    counter = PreshCounter()
    for number in (1, 1, 2):
        counter.inc(number, 1)
    return [found[5], found[6], counter[1], len(found)]

import greenlet


def use():
    found = []

    def inner():
        found.append(1)
        found.append(outer.switch(2))

    outer = greenlet.getcurrent()
    child = greenlet.greenlet(inner)
    found.append(child.switch())
    child.switch(3)
    return [found, child.dead]

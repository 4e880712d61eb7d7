import yappi


def work():
    return sum(range(1000))


def use():
    yappi.start()
    found = work()
    yappi.stop()
    stats = yappi.get_func_stats(filter_callback=lambda one: one.name == "work")
    return [found, [[one.name, one.ncall] for one in stats]]

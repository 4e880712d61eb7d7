import py_mini_racer


def use():
    racer = py_mini_racer.MiniRacer()
    racer.eval("var f = x => [x, x * 2]")
    return [racer.call("f", 4), racer.eval("new Intl.NumberFormat('de').format(1234.5)")]

from pyinstrument import Profiler


def work():
    return sum(number * number for number in range(300_000))


def use():
    with Profiler(interval=0.0005) as profiler:
        found = work()
    return [found, "work" in profiler.output_text(unicode=True, color=False)]

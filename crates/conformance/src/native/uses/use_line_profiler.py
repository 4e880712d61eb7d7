import io

from line_profiler import LineProfiler


def work(count):
    total = 0
    for number in range(count):
        total += number
    return total


def use():
    profiler = LineProfiler()
    found = profiler(work)(10)
    (timings,) = profiler.get_stats().timings.values()
    out = io.StringIO()
    profiler.print_stats(stream=out)
    return [found, [line[1] for line in timings], "def work" in out.getvalue() or "Could not find file" in out.getvalue()]

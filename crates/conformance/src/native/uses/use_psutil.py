import os

import psutil


def use():
    process = psutil.Process()
    return [process.pid == os.getpid(), process.memory_info().rss > 0, psutil.cpu_count() > 0]

"""More open files than a process may have. CPython has a few hundred of them open at a time."""

import resource

from . import Cycle

resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
for _ in range(4_000):
    Cycle(open("/dev/null"))

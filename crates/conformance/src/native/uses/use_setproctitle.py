import setproctitle


def use():
    setproctitle.setproctitle("a new title")
    with open("/proc/self/cmdline", "rb") as file:
        shown = file.read().rstrip(b"\0").decode()
    return [setproctitle.getproctitle(), shown]
